/** One child process for isolated handlers, seen from its worker: started, given one job at a time, watched and killed. */
import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { type AbortError, type Lane, type LaneName, type Logger, TwolaneError } from '../../src/contract/index.ts';
import type { ClaimedJob } from '../../src/ledger/claim.ts';
import type { MadeContext } from '../steps/context.ts';
import type { Stop } from '../steps/limits.ts';
import { unpackError } from './errors.ts';
import { allGone, killTree, residentBytes } from './process-tree.ts';
import type { AbortCode, FromChild, ToChild } from './protocol.ts';
import { type AppOfChild, forkChild, untilLoaded } from './start-child.ts';

export interface ChildOptions extends AppOfChild {
  lanes: ReadonlyMap<LaneName, Lane>;
  logger: Logger;
}

/** One job for a child: what it runs, how it is told to stop, and where its words go. */
export interface IsolatedRun {
  job: ClaimedJob;
  lane: LaneName;
  stop: Stop;
  context: MadeContext;
}

interface Current extends IsolatedRun {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

const measureEveryMs = 100;
const lastWordsMs = 200;
/** The last words of a process, kept for the error of its job. */
const mostStderr = 4_000;
/** SIGKILL takes its time on a busy machine; then the job is settled all the same. */
const killPatienceMs = 5_000;

export class IsolatedProcess {
  readonly memoryMb: number;
  readonly ready: Promise<void>;
  /** Its last job has left it with more than half of the memory that it had free when it was new. */
  wornOut = false;
  #newBytes = 0;
  readonly #options: ChildOptions;
  readonly #child: ChildProcess;
  readonly #mark = randomBytes(12).toString('hex');
  #runs = 0;
  #current: Current | undefined;
  #stderr = '';
  /** Why it was killed, when it was. */
  #why: Error | undefined;
  #ending: Promise<void> | undefined;

  constructor(options: ChildOptions, memoryMb: number) {
    this.#options = options;
    this.memoryMb = memoryMb;
    this.#child = forkChild(options, memoryMb, this.#mark);
    this.#child.stderr?.on('data', (text: Buffer) => this.#keep(text));
    this.#child.on('message', (message: FromChild) => this.#hear(message));
    this.ready = this.#start();
    this.ready.catch(() => {});
  }

  /** It has ended or is about to: not to be used again. */
  get ended(): boolean {
    return this.#ending !== undefined;
  }

  /**
   * Runs one job. Rejects with what the handler threw, or with a TwolaneError `memory_limit` or `crashed`, or with the
   * reason it was killed for, after every process of the tree has ended.
   */
  async run(run: IsolatedRun): Promise<unknown> {
    this.#runs += 1;
    this.#stderr = '';
    const measuring = setInterval(() => this.#measure(), measureEveryMs);
    try {
      return await new Promise((resolve, reject) => {
        this.#current = { ...run, resolve, reject };
        this.#tell({ kind: 'run', run: this.#runs, job: run.job, lane: run.lane });
        run.stop.signal.addEventListener('abort', () => this.#abort(run.stop.reason), { once: true });
        if (run.stop.reason) this.#abort(run.stop.reason);
      });
    } finally {
      clearInterval(measuring);
      this.#current = undefined;
      this.wornOut = this.#bytes() > (this.#newBytes + this.#mostBytes) / 2;
    }
  }

  /** Ends it with everything it started; what runs in it fails with the error. Resolves when all of it is gone. */
  kill(why: Error): Promise<void> {
    this.#why ??= why;
    this.#ending ??= this.#end();
    return this.#ending;
  }

  async #start(): Promise<void> {
    await untilLoaded(this.#child, this.#options).catch(async (error: Error) => {
      await this.kill(error);
      throw error;
    });
    this.#newBytes = this.#bytes();
    this.#child.once('exit', (code, signal) => void this.#died(code, signal));
  }

  /** Its last words may arrive after it has ended; a process that it left behind may hold them open for ever. */
  async #died(code: number | null, signal: string | null): Promise<void> {
    const patience = new Promise((resolve) => setTimeout(resolve, lastWordsMs));
    if (!this.ended) await Promise.race([once(this.#child, 'close'), patience]);
    await this.kill(this.#crash(code, signal));
  }

  async #end(): Promise<void> {
    const pid = this.#child.pid;
    const current = this.#current;
    if (pid !== undefined) await untilGone(killTree(pid, this.#mark));
    current?.reject(this.#why ?? new TwolaneError('killed', 'The process of the handler was ended'));
  }

  #hear(message: FromChild): void {
    if (message.kind === 'publish') return void this.#publish(message);
    const current = this.#current;
    if (!current || !('run' in message) || message.run !== this.#runs) return;
    if (message.kind === 'progress') current.context.public.progress(message.percent, message.note);
    else if (message.kind === 'log') current.context.public.log(message.message, message.fields);
    else if (message.kind === 'settled') current.context.noteSettled();
    else if (message.kind === 'returned') {
      if (message.waits) current.context.noteWaits(message.waits);
      current.resolve(message.value);
    } else if (message.kind === 'threw') this.#fail(current, message);
  }

  #fail({ job, reject }: Current, message: Extract<FromChild, { kind: 'threw' }>): void {
    const { consequence } = message;
    if (consequence?.kind === 'retry' && consequence.warning)
      this.#options.logger.warn(
        { jobId: job.id, type: job.type, detail: consequence.warning },
        'The back-off is wrong',
      );
    reject(unpackError(message));
  }

  async #publish({ call, lane, queue, envelopes }: Extract<FromChild, { kind: 'publish' }>): Promise<void> {
    const nothing = { confirmed: 0, unconfirmed: envelopes.map((envelope) => envelope.id) };
    const publication = (await this.#options.lanes.get(lane)?.publish(queue, envelopes)) ?? nothing;
    this.#tell({ kind: 'published', call, publication });
  }

  #abort(reason: AbortError | undefined): void {
    if (reason && this.#current)
      this.#tell({ kind: 'abort', run: this.#runs, code: reason.code as AbortCode, message: reason.message });
  }

  /** Whether it arrives is told by the exit of the process. */
  #tell(message: ToChild): void {
    if (this.#child.connected) this.#child.send(message, () => {});
  }

  #measure(): void {
    if (this.#bytes() > this.#mostBytes) void this.kill(this.#tooLarge());
  }

  get #mostBytes(): number {
    return this.memoryMb * 1024 * 1024;
  }

  #bytes(): number {
    return residentBytes(this.#child.pid ?? 0);
  }

  #tooLarge(): TwolaneError {
    return new TwolaneError('memory_limit', `The handler needed more than its ${this.memoryMb} MiB of memory`);
  }

  #crash(code: number | null, signal: string | null): Error {
    if (/heap out of memory/.test(this.#stderr)) return this.#tooLarge();
    const how = signal ? `killed by ${signal}` : `exit code ${code}`;
    const error = new TwolaneError('crashed', `The process of the handler ended by itself (${how})`);
    if (this.#stderr) error.stack = `${error.message}; it wrote last:\n${this.#stderr}`;
    return error;
  }

  #keep(text: Buffer): void {
    process.stderr.write(text);
    this.#stderr = (this.#stderr + text).slice(-mostStderr);
  }
}

async function untilGone(pids: readonly number[]): Promise<void> {
  const until = performance.now() + killPatienceMs;
  while (!allGone(pids) && performance.now() < until) await new Promise((resolve) => setTimeout(resolve, 5));
}
