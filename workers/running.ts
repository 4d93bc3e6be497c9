/** What a worker runs right now: one job in a slot, or a batch of them, from the claim until every outcome was told. */
import { hrtime } from 'node:process';
import {
  type AbortError,
  type Ending,
  type Logger,
  type QueuePath,
  splitQueuePath,
  type Tracer,
  toJobError,
} from '../src/contract/index.ts';
import type { ClaimedJob } from '../src/ledger/claim.ts';
import { BatchRun } from './batch-run.ts';
import { type ExecuteParts, execute } from './execute.ts';
import type { RunStats } from './run-stats.ts';
import type { Settling } from './settling.ts';
import { Stop } from './steps/limits.ts';
import { traced } from './steps/traced.ts';

export interface RunningOptions {
  parts: ExecuteParts;
  settling: Settling;
  stats: RunStats;
  tracer: Tracer | undefined;
  /** Told when a slot is free again. */
  onFree(queue: QueuePath, type: string): void;
  logger: Logger;
}

export class Running {
  readonly #options: RunningOptions;
  readonly #jobs = new Map<string, { stop: Stop; done: Promise<unknown> }>();

  constructor(options: RunningOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#jobs.size;
  }

  /** Runs the jobs of one slot: one, or those of a batch. */
  start(queue: QueuePath, jobs: readonly [ClaimedJob, ...ClaimedJob[]]): void {
    const { parts, onFree } = this.#options;
    const [{ type }] = jobs;
    const done = parts.catalog[type]?.batch ? this.#runBatch(queue, type, jobs) : this.#run(queue, jobs[0], parts);
    void done.then(() => onFree(queue, type));
  }

  /** Tells jobs to stop; those that are not here are passed over. */
  abort(ids: readonly string[], reason: AbortError): void {
    for (const id of ids) this.#jobs.get(id)?.stop.abort(reason);
  }

  abortAll(reason: AbortError): void {
    this.abort([...this.#jobs.keys()], reason);
  }

  /** Resolves when nothing runs any more, or after the time is up. */
  async finished(withinMs: number): Promise<void> {
    const until = hrtime.bigint() + BigInt(withinMs) * 1_000_000n;
    while (this.#jobs.size > 0 && hrtime.bigint() < until) {
      const left = Number((until - hrtime.bigint()) / 1_000_000n);
      const timer = new Promise((resolve) => setTimeout(resolve, Math.max(1, left)).unref());
      await Promise.race([Promise.all([...this.#jobs.values()].map((one) => one.done)), timer]);
    }
  }

  #runBatch(queue: QueuePath, type: string, jobs: readonly ClaimedJob[]): Promise<unknown> {
    const { parts, settling } = this.#options;
    const batch = new BatchRun({
      handler: parts.handlers[type],
      jobs,
      settleAllWith: (successes, effect) => settling.settleAllWith(successes, effect),
    });
    const shared = batch.partsFor(parts, type);
    return Promise.all(jobs.map((job) => this.#run(queue, job, shared).then(() => batch.left(job.id))));
  }

  #run(queue: QueuePath, job: ClaimedJob, parts: ExecuteParts): Promise<unknown> {
    const { settling, stats, tracer, logger } = this.#options;
    const stop = new Stop();
    const startedAt = performance.now();
    stats.started(job, queue);
    const run = () => execute(job, splitQueuePath(queue).lane, stop, parts);
    const done: Promise<unknown> = (tracer ? traced(tracer, job, queue, run) : run())
      // The ledger refused the outcome itself (a result that JSON can't hold, say): another run would end the same way.
      .catch(async (refused): Promise<Ending> => {
        const settled = await settling.settle(job, { kind: 'dead', error: toJobError(refused), timedOut: false });
        return settled ? 'dead' : 'fenced';
      })
      .catch((error) => logger.error({ jobId: job.id, type: job.type, error }, 'The outcome could not be told'))
      .then((ending) => {
        this.#jobs.delete(job.id);
        stats.ended(job, queue, performance.now() - startedAt, ending ?? undefined);
      });
    this.#jobs.set(job.id, { stop, done });
    return done;
  }
}
