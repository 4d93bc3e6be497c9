/** From the options of BullMQ's `add` to those of an enqueue. What can't be kept is refused, so that nothing changes in silence. */
import { type EnqueueOptions, type JobDefinition, type Priority, TwolaneError } from '../../contract/index.ts';
import type { Deduplication, JobsOptions } from './types.ts';

export interface OptionRules {
  /** The queue, for keys. */
  queue: string;
  /** Options that are left out without a word. */
  ignore: ReadonlySet<string>;
  priorityOf(priority: number): Priority;
}

export interface MappedOptions {
  options: EnqueueOptions;
  /** The idempotency key is given up when its job has ended. */
  onceAtATime: boolean;
}

/** They tell how long Redis keeps what; here retention does. */
const withoutMeaning = new Set([
  'removeOnComplete',
  'removeOnFail',
  'keepLogs',
  'stackTraceLimit',
  'timestamp',
  'telemetry',
]);
const mapped = new Set(['jobId', 'delay', 'priority', 'attempts', 'backoff', 'deduplication', 'repeat']);

const flows = 'Enqueue the jobs with twolane.enqueueFlow, which knows children, chains and what follows a failure';
const instead: Readonly<Record<string, string>> = {
  lifo: 'Give it a higher priority',
  sizeLimit: 'TWOLANE_MAX_PAYLOAD_BYTES limits every payload',
  parent: flows,
  failParentOnFailure: flows,
  continueParentOnFailure: flows,
  ignoreDependencyOnFailure: flows,
  removeDependencyOnFailure: flows,
};

/** @throws TwolaneError `not_mapped` naming the option and what to do instead */
export function mapOptions(job: JobDefinition, given: JobsOptions, rules: OptionRules): MappedOptions {
  const opts = Object.fromEntries(
    Object.entries(given).filter(([name, value]) => value !== undefined && !rules.ignore.has(name)),
  ) as JobsOptions;
  for (const name of Object.keys(opts))
    if (!mapped.has(name) && !withoutMeaning.has(name)) throw notMapped(name, instead[name] ?? 'Leave it out');
  checkBackoff(job, opts.backoff);
  const options: EnqueueOptions = {
    delayMs: opts.delay || undefined,
    maxAttempts: opts.attempts || undefined,
    priority: opts.priority ? rules.priorityOf(opts.priority) : undefined,
  };
  if (opts.deduplication) return deduplicated(options, opts, opts.deduplication, rules);
  if (opts.jobId === undefined) return { options, onceAtATime: false };
  const idempotencyKey = keyOf(rules.queue, opts.jobId);
  // A BullMQ job that removes itself when it is done lets its id go with it.
  return { options: { ...options, idempotencyKey }, onceAtATime: removesItself(opts.removeOnComplete) };
}

/** The idempotency key of a job id. */
export function keyOf(queue: string, jobId: string): string {
  return `bullmq:${queue}:${jobId}`;
}

export function notMapped(what: string, cure: string): TwolaneError {
  return new TwolaneError('not_mapped', `${what} of BullMQ has no counterpart here. ${cure}`);
}

/** 1 to 9 high, to 99 normal, above low. BullMQ puts jobs without a priority first, here they have that of their type. */
export function usualPriority(priority: number): Priority {
  if (priority < 10) return 'high';
  return priority < 100 ? 'normal' : 'low';
}

/** The back-off belongs to the job type: it may be given again, and can't be another one. */
function checkBackoff({ type, backoff }: JobDefinition, given: JobsOptions['backoff']): void {
  if (given === undefined || given === 0) return;
  const { type: kind, delay = 0 } = typeof given === 'number' ? { type: 'fixed', delay: given } : given;
  if (backoff.kind === kind && (!('delayMs' in backoff) || backoff.delayMs === delay)) return;
  const wanted = ['fixed', 'exponential'].includes(kind)
    ? `{ kind: '${kind}', delayMs: ${delay} }`
    : `{ kind: 'custom', delay: (attempt, error) => … }`;
  throw notMapped(
    `Another backoff than that of the job type ${type}`,
    `Say backoff: ${wanted} in its defineJob, or name 'backoff' in the ignore of the queue`,
  );
}

function deduplicated(
  options: EnqueueOptions,
  { jobId }: JobsOptions,
  { id, ttl, extend, replace, keepLastIfActive }: Deduplication,
  { queue }: OptionRules,
): MappedOptions {
  if (jobId !== undefined) throw notMapped('deduplication beside a jobId', 'Give one of the two');
  const key = `bullmq:${queue}:de:${id}`;
  if (keepLastIfActive) return { options: { ...options, keepLast: { key } }, onceAtATime: false };
  if (ttl && extend && replace) {
    const { delayMs: _, ...rest } = options;
    return { options: { ...rest, debounce: { key, ms: ttl } }, onceAtATime: false };
  }
  if (extend || replace)
    throw notMapped('deduplication with extend or replace alone', 'Give both and a ttl, which is a debounce');
  if (ttl) return { options: { ...options, throttle: { key, ms: ttl } }, onceAtATime: false };
  return { options: { ...options, idempotencyKey: key }, onceAtATime: true };
}

function removesItself(removeOnComplete: JobsOptions['removeOnComplete']): boolean {
  const count = typeof removeOnComplete === 'object' ? removeOnComplete.count : removeOnComplete;
  return count === true || count === 0;
}
