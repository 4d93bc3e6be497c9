/** The child processes of a worker: as many as isolated jobs run at once, kept warm between jobs, replaced when worn out. */
import { TwolaneError } from '../../src/contract/index.ts';
import { type ChildOptions, IsolatedProcess } from './child-process.ts';

/** A process that nobody needed for so long is ended; one of each size stays. */
const idleMs = 60_000;

export class IsolatedPool {
  readonly #options: ChildOptions;
  readonly #all = new Set<IsolatedProcess>();
  readonly #idle: { process: IsolatedProcess; since: number }[] = [];
  readonly #sweeping: NodeJS.Timeout;
  #closed = false;

  constructor(options: ChildOptions) {
    this.#options = options;
    this.#sweeping = setInterval(() => this.#sweep(), idleMs / 4).unref();
  }

  /** A process that is ready for one job. @throws TwolaneError `isolation_failed` when none can be started. */
  async take(memoryMb: number): Promise<IsolatedProcess> {
    const found = this.#idle.findLastIndex(({ process }) => process.memoryMb === memoryMb && !process.ended);
    const process = this.#idle.splice(found, found < 0 ? 0 : 1)[0]?.process ?? this.#start(memoryMb);
    await process.ready;
    return process;
  }

  /** After its job: to the idle ones, or away; another one is started then, so that the next job need not wait. */
  giveBack(process: IsolatedProcess): void {
    // The next job would pay for the last one.
    if (process.wornOut) void this.#retire(process);
    if (!process.ended && !this.#closed) return void this.#idle.push({ process, since: performance.now() });
    this.#all.delete(process);
    this.warm(process.memoryMb);
  }

  /** Starts a process of that size unless one is idle. */
  warm(memoryMb: number): void {
    if (this.#closed || this.#idle.some(({ process }) => process.memoryMb === memoryMb && !process.ended)) return;
    this.#idle.push({ process: this.#start(memoryMb), since: performance.now() });
  }

  /** Ends all of them, and resolves when they are gone. */
  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#sweeping);
    await Promise.all([...this.#all].map((process) => this.#retire(process)));
  }

  #start(memoryMb: number): IsolatedProcess {
    const process = new IsolatedProcess(this.#options, memoryMb);
    this.#all.add(process);
    process.ready.catch((error) => {
      this.#all.delete(process);
      this.#options.logger.error({ error }, 'A process for isolated handlers did not start');
    });
    return process;
  }

  #retire(process: IsolatedProcess): Promise<void> {
    return process
      .kill(new TwolaneError('killed', 'The worker ended the process of the handler'))
      .finally(() => this.#all.delete(process));
  }

  #sweep(): void {
    const sizes = new Set<number>();
    for (const entry of this.#idle.splice(0).toReversed()) {
      const { process, since } = entry;
      const spare = sizes.has(process.memoryMb) && performance.now() - since > idleMs;
      if (process.ended || spare) void this.#retire(process);
      else this.#idle.unshift(entry);
      sizes.add(process.memoryMb);
    }
  }
}
