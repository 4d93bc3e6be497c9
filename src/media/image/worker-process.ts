/** One child process that renders images, from its birth to its end: started late, replaced when worn out, killed when stuck. */
import { type ChildProcess, fork } from 'node:child_process';
import { constants } from 'node:os';
import { basename } from 'node:path';
import { NonRetryableError, TwolaneError } from '../../contract/index.ts';
import { cage } from '../cage.ts';
import { imageEnvironment } from '../child-environment.ts';
import { hasJail } from '../jail.ts';
import { killGroup } from '../kill-group.ts';
import { Home } from './home.ts';
import {
  cpuExitCode,
  memoryExitCode,
  type RenderedImage,
  type RenderReply,
  type RenderRequest,
  tooCostlyCode,
} from './protocol.ts';
import { filesOfScript, script } from './script.ts';

export interface WorkerProcessLimits {
  /** Resident memory at which the child ends itself, bytes; the kernel allows some more. */
  memoryBytes: number;
  /** Wall clock of one image, milliseconds. */
  timeoutMs: number;
  /** Processor time of one image, milliseconds. */
  cpuMs: number;
  /** How far it gives way to other processes, 0 to 19. Default 0. */
  niceness?: number;
}

/** What Node.js itself and the stacks of its threads need beside the pixels, bytes. */
const ownBytes = 768 * 1024 ** 2;
/** Processor time of one process in images that take all they may: what the kernel allows it over its life. */
const costlyImages = 10;

export class WorkerProcess {
  /** Images rendered so far. */
  rendered = 0;
  /** Resident memory after the last image: what fragmentation has kept. */
  residentBytes = 0;
  /** Processor time so far. */
  cpuMs = 0;
  readonly #child: ChildProcess;
  /** Undefined where a process sees all files anyway. */
  readonly #home: Home | undefined;
  readonly #limits: WorkerProcessLimits;
  #ended = false;

  constructor(limits: WorkerProcessLimits) {
    this.#limits = limits;
    this.#home = hasJail() ? new Home() : undefined;
    this.#child = startChild(limits, this.#home);
    this.#child.once('exit', () => this.#end());
    this.#child.once('error', () => this.#end());
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** Whether the kernel would end it before an image has had all the processor time that it may have. */
  get tired(): boolean {
    return this.cpuMs > this.#limits.cpuMs * (costlyImages - 2);
  }

  /** Renders one image; only one at a time. Aborting or the time limit kills the process. */
  async render(request: RenderRequest, signal: AbortSignal): Promise<RenderedImage> {
    const limit = AbortSignal.timeout(this.#limits.timeoutMs);
    const stop = AbortSignal.any([signal, limit]);
    const kill = () => this.kill();
    stop.addEventListener('abort', kill, { once: true });
    try {
      signal.throwIfAborted();
      const image = await this.#exchange((await this.#home?.enter(request)) ?? request);
      await this.#home?.leave(request);
      signal.throwIfAborted();
      return image;
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      if (limit.aborted) throw new TwolaneError('image_timed_out', `The image took over ${this.#limits.timeoutMs} ms`);
      throw error;
    } finally {
      stop.removeEventListener('abort', kill);
      if (!this.#ended) await this.#home?.tidy();
      this.rendered += 1;
    }
  }

  /** Ends the process at once, whatever it is doing. */
  kill(): void {
    killGroup(this.#child.pid);
    this.#end();
  }

  #end(): void {
    this.#ended = true;
    this.#home?.remove();
  }

  #exchange(request: RenderRequest): Promise<RenderedImage> {
    const child = this.#child;
    return new Promise((resolve, reject) => {
      const settle = (finish: () => void) => {
        child.off('message', onReply).off('exit', onExit).off('error', onError);
        finish();
      };
      const onReply = (reply: RenderReply) => {
        this.residentBytes = reply.residentBytes;
        this.cpuMs = reply.cpuMs;
        settle(() => ('image' in reply ? resolve(reply.image) : reject(errorOf(reply.error))));
      };
      const fail = (code: number | null, by: string | null) =>
        settle(() => reject(crash(code, by, basename(request.input))));
      const onExit = fail;
      const onError = (error: Error) => settle(() => reject(error));
      child.on('message', onReply).on('exit', onExit).on('error', onError);
      child.send(request, (error) => error && fail(child.exitCode, child.signalCode));
    });
  }
}

function startChild({ memoryBytes, cpuMs, niceness = 0 }: WorkerProcessLimits, home: Home | undefined): ChildProcess {
  const { path, execArgv } = script();
  const cpuS = Math.ceil((cpuMs * costlyImages) / 1_000);
  const sight = home && { ...home.sight, read: [...(home.sight.read ?? []), ...filesOfScript()] };
  const [program = process.execPath, ...rest] = [
    ...cage({ dataBytes: memoryBytes + ownBytes, cpuS, niceness, ...(sight && { sight }) }),
    process.execPath,
    ...execArgv,
  ];
  return fork(path, [String(memoryBytes), String(cpuMs)], {
    execPath: program,
    execArgv: rest,
    env: imageEnvironment(),
    // A group of its own, which ends as a whole, and not by the keys of a terminal.
    detached: true,
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
}

function errorOf({ code, message, refused }: { code: string; message: string; refused: boolean }): Error {
  return refused ? new NonRetryableError(message, { code }) : new TwolaneError(code, message);
}

function crash(code: number | null, signal: string | null, file: string): TwolaneError {
  const by = signal ?? signalIn(code);
  if (code === memoryExitCode)
    return new TwolaneError(tooCostlyCode, 'The image needed more memory than an image may use');
  if (code === cpuExitCode || by === 'SIGXCPU')
    return new TwolaneError(tooCostlyCode, 'The image needed more processor time than an image may use');
  const how = by ? `killed by ${by}` : `exit code ${code}`;
  return new TwolaneError('image_crashed', `The process that decoded the image ${file} ended (${how})`);
}

/** What a program that watches over another one ends with when that one was killed: 128 and the number of the signal. */
function signalIn(code: number | null): string | undefined {
  return Object.entries(constants.signals).find(([, number]) => code === 128 + number)?.[0];
}
