/** `defineJob`: fills in the defaults of a job type and refuses definitions that could not work. */
import { z } from 'zod';
import { backoffProblem, completeBackoff } from './backoff.ts';
import { type BatchOptions, batchProblem } from './batch.ts';
import { defaultBudgetMs } from './budget.ts';
import { canaryType } from './envelope.ts';
import { TwolaneError } from './errors.ts';
import type { JobDefinition, JobOptions } from './job.ts';
import { limitsProblem } from './limits.ts';
import { retentionProblem } from './retention.ts';
import { secretsProblem } from './secrets.ts';
import { type Chain, missingUpcasts, type Upcasters } from './upcast.ts';

export const defaultMaxAttempts = 5;
export const defaultIdempotencyMs = 24 * 60 * 60_000;
export const defaultTimeoutMs = { realtime: 30_000, bulk: 15 * 60_000 } as const;
export const defaultKillAfterMs = 5_000;
export const defaultMemoryMb = 512;
/** A process of Node.js alone needs most of this. */
const leastMemoryMb = 128;

/** So that the compiler asks a batch handler of a type with batches. */
type Batched<B> = B extends BatchOptions ? { readonly batch: BatchOptions } : unknown;

/**
 * Defines a job type.
 * @throws TwolaneError `invalid_definition` when the type or queue is not kebab-case, a limit or delay can't work, or a
 * version below the present one has no step in `upcast`.
 */
export function defineJob<
  const T extends string,
  P extends z.ZodType,
  R extends z.ZodType = z.ZodVoid,
  U extends Upcasters = Record<never, never>,
  B extends BatchOptions | undefined = undefined,
>(
  options: JobOptions<P, R> & {
    type: T;
    /** From each older version to the next: `{ 1: (old: PayloadV1) => … }`. Runs before the schema, at every attempt. */
    upcast?: U & Chain<U, z.input<P>>;
    batch?: B;
  },
): JobDefinition<T, P, R> & Batched<B> {
  const backoff = completeBackoff(options.backoff);
  const attempts = backoff.kind === 'list' ? backoff.delaysMs.length + 1 : defaultMaxAttempts;
  const definition: JobDefinition<T, P, R> = {
    type: options.type,
    lane: options.lane,
    queue: options.queue,
    payload: options.payload,
    result: (options.result ?? z.void()) as R,
    version: options.version ?? 1,
    upcast: options.upcast,
    description: options.description ?? '',
    priority: options.priority ?? 'normal',
    maxAttempts: options.maxAttempts ?? attempts,
    timeoutMs: options.timeoutMs ?? defaultTimeoutMs[options.lane],
    backoff,
    nonRetryable: options.nonRetryable ?? [],
    idempotencyMs: options.idempotencyMs ?? defaultIdempotencyMs,
    budgetMs: options.budgetMs ?? defaultBudgetMs[options.lane],
    killAfterMs: options.killAfterMs ?? defaultKillAfterMs,
    isolated: options.isolated && { memoryMb: defaultMemoryMb, ...(options.isolated === true ? {} : options.isolated) },
    concurrency: options.concurrency,
    internal: options.internal ?? false,
    key: options.key,
    owner: options.owner,
    limits: options.limits,
    batch: options.batch,
    retention: options.retention,
    secrets: options.secrets,
  };
  check(definition);
  return Object.freeze(definition) as JobDefinition<T, P, R> & Batched<B>;
}

function check(definition: JobDefinition): void {
  const { type, queue, version, upcast, maxAttempts, timeoutMs, idempotencyMs, backoff, limits } = definition;
  const { budgetMs, killAfterMs, isolated, concurrency = 1, retention } = definition;
  const refuse = (why: string) => {
    throw new TwolaneError('invalid_definition', `Job type "${type}": ${why}`);
  };
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(type) || type.length > 64)
    refuse('the type must be kebab-case, up to 64 characters');
  if (type === canaryType) refuse('this name belongs to the probes that consumers are watched with');
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(queue) || queue.length > 64)
    refuse('the queue must be kebab-case, up to 64 characters');
  if (!Number.isInteger(version) || version < 1) refuse('the version must be a whole number from 1');
  const missing = missingUpcasts(version, upcast);
  if (missing.length > 0) refuse(`upcast has no step from version ${missing.join(', ')}`);
  if (!Number.isInteger(maxAttempts) || maxAttempts < 1) refuse('maxAttempts must be a whole number from 1');
  if (!(timeoutMs > 0)) refuse('timeoutMs must be above 0');
  if (!(idempotencyMs > 0)) refuse('idempotencyMs must be above 0');
  if (!(budgetMs > 0)) refuse('budgetMs must be above 0');
  const wrong =
    backoffProblem(backoff) ??
    limitsProblem(limits) ??
    batchProblem(definition) ??
    retentionProblem(retention) ??
    secretsProblem(definition);
  if (wrong) refuse(wrong);
  if (!(killAfterMs >= 0)) refuse('killAfterMs must be 0 or more');
  if (!Number.isInteger(concurrency) || concurrency < 1) refuse('concurrency must be a whole number from 1');
  if (isolated && !(isolated.memoryMb >= leastMemoryMb)) refuse(`memoryMb must be ${leastMemoryMb} or more`);
}
