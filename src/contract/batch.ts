/** Batch handlers: several jobs of one type in one call, each with an outcome of its own. */
import type { z } from 'zod';
import type { TransactionalEffect } from './database.ts';
import type { JobContext } from './handler.ts';
import type { JobDefinition, PayloadOf, ResultOf } from './job.ts';

/** How a worker gathers jobs of one type. A batch leaves when it is full, or `waitMs` after its first job came. */
export interface BatchOptions {
  /** Jobs in one call at most, 2 to 1,000. */
  size: number;
  /** Milliseconds, 0 to 10,000. */
  waitMs: number;
}

/** A job type whose handler takes batches. */
export type BatchJobDefinition<
  T extends string = string,
  P extends z.ZodType = z.ZodType,
  R extends z.ZodType = z.ZodType,
> = JobDefinition<T, P, R> & { readonly batch: BatchOptions };

/** One job of a batch; its context's signal says that this job alone is no longer wanted. */
export interface BatchItem<D extends JobDefinition = JobDefinition> {
  readonly payload: PayloadOf<D>;
  readonly context: Omit<JobContext<ResultOf<D>>, 'waitForChildren'>;
}

/** What a batch handler is given beside its items. */
export interface BatchContext<D extends JobDefinition = JobDefinition> {
  /** Aborted when none of the items is wanted any more: at the time limit, on drain. */
  readonly signal: AbortSignal;
  /** This item alone fails, as if a handler of its own had thrown; what is returned for it is ignored. */
  fail(item: BatchItem<D>, error: unknown): void;
  /**
   * Writes an effect and the success of all items that have not failed in one transaction.
   * Throws FencedError, with everything rolled back, when one of them belongs to another worker by now.
   * @param results in the order of the items
   */
  settle(effect: TransactionalEffect, results?: readonly ResultOf<D>[]): Promise<void>;
}

/** Returns the results in the order of the items, or nothing where the type has none. Throwing fails all items. */
export type BatchHandler<D extends JobDefinition = JobDefinition> = (
  items: readonly BatchItem<D>[],
  batch: BatchContext<D>,
  // biome-ignore lint/suspicious/noConfusingVoidType: a handler without results returns nothing
) => Promise<readonly ResultOf<D>[] | void>;

/** Why the options can't work; undefined when they can. */
export function batchProblem({ batch, isolated }: JobDefinition): string | undefined {
  if (!batch) return undefined;
  if (isolated) return 'batch and isolated do not go together: a child process runs one job';
  const { size, waitMs } = batch;
  if (!Number.isInteger(size) || size < 2 || size > 1_000) return 'batch.size must be a whole number from 2 to 1,000';
  return waitMs >= 0 && waitMs <= 10_000 ? undefined : 'batch.waitMs must be from 0 to 10,000';
}
