/** How many jobs of one type a worker process runs at once, for the types that say so. */
import { availableParallelism } from 'node:os';
import { type Catalog, type JobDefinition, type QueuePath, queuePath } from '../src/contract/index.ts';

/** The limits of the types of one queue; undefined when none has one, which is the usual and the quick case. */
export function typeLimits(catalog: Catalog, queue: QueuePath): ReadonlyMap<string, number> | undefined {
  const limits = new Map<string, number>();
  for (const job of Object.values(catalog)) {
    const limit = limitOf(job);
    if (limit !== undefined && queuePath(job.lane, job.queue) === queue) limits.set(job.type, limit);
  }
  return limits.size > 0 ? limits : undefined;
}

/** A process for each job of an isolated type: more of them than cores would only take memory. */
function limitOf({ concurrency, isolated }: JobDefinition): number | undefined {
  return concurrency ?? (isolated && availableParallelism());
}

/** Jobs in one slot of a queue at most. */
export function batchSize(catalog: Catalog, queue: QueuePath): number {
  const own = Object.values(catalog).filter((job) => queuePath(job.lane, job.queue) === queue);
  return Math.max(1, ...own.map((job) => job.batch?.size ?? 1));
}
