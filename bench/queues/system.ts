/** What the benchmark drives: Twolane, or a queue that somebody would pick instead, each set up as its documentation advises. */

/** How jobs are made. `fast`: in the way that the system enqueues fastest. `perS`: one by one, so many a second, as requests come. */
export interface Jobs {
  jobs: number;
  how: 'fast' | { perS: number };
}

/** Milliseconds since 1970 with fractions. */
export interface Span {
  startedAt: number;
  endedAt: number;
}

export interface Running {
  /** Resolves when the system has taken the last job for good. */
  enqueue(jobs: Jobs): Promise<Span>;
  /** Adds jobs as a backlog, however that is done soonest. */
  fill(jobs: number): Promise<void>;
  startWorkers(): Promise<void>;
  /** Jobs that have not begun stay. */
  stopWorkers(): Promise<void>;
  /** The URLs of the servers that have a part in it. */
  servers(): readonly string[];
  /** The ids of the processes that work, each with all below it. */
  workers(): readonly number[];
  /** Jobs that the workers have finished since they were started. */
  finished(): Promise<number>;
  /** Milliseconds from enqueue to start of the jobs that have started since it was last asked. */
  takeWaits(): Promise<readonly number[]>;
  /** Resolves when nothing is left to do, which the system itself knows as well; answers that moment. */
  idle(): Promise<number>;
  /** Bytes on disk or in memory of the server that keeps the jobs. */
  storedBytes(): Promise<number>;
  /** Ends its processes and removes its data. */
  stop(): Promise<void>;
}

export interface System {
  name: string;
  /** @param commitDelayMs as `createDatabase` */
  start(commitDelayMs?: number): Promise<Running>;
}

export const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** The URL of a server, as the command gives it to everything it starts. */
export function serverUrl(name: 'DATABASE_URL' | 'AMQP_URL' | 'REDIS_URL'): string {
  return process.env[name] ?? '';
}
