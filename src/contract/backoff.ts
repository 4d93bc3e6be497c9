/** How long to wait before the next attempt: the kinds of back-off, their jitter, and the rules that turn them into milliseconds. */

/**
 * What chance takes off a delay. `equal` keeps half of it and draws the other half, `full` draws all of it, `none` leaves
 * it as it is.
 */
export type Jitter = 'full' | 'equal' | 'none';

/** Delays that grow by a rule. */
export interface GrowingBackoff {
  kind: 'exponential' | 'linear' | 'fixed';
  /** First delay, milliseconds. */
  delayMs: number;
  /** No delay is longer, milliseconds. */
  maxMs: number;
  jitter: Jitter;
}

/** A delay for each attempt, milliseconds; the last one repeats. */
export interface ListedBackoff {
  kind: 'list';
  delaysMs: readonly number[];
  jitter: Jitter;
}

/** The job type's own rule. */
export interface CustomBackoff {
  kind: 'custom';
  /**
   * Milliseconds until the next attempt, or `dead` for no further one. `attempt` is the one that failed, from 1; `error` is
   * what it threw. When it throws itself, or answers no such number, the default back-off stands in and a warning is logged.
   */
  delay(attempt: number, error: unknown): number | 'dead';
  jitter: Jitter;
}

export type Backoff = GrowingBackoff | ListedBackoff | CustomBackoff;

/** A back-off as `defineJob` takes it: what is left out has its default. */
export type BackoffOptions =
  | Partial<GrowingBackoff>
  | (Pick<ListedBackoff, 'kind' | 'delaysMs'> & { jitter?: Jitter })
  | (Pick<CustomBackoff, 'kind' | 'delay'> & { jitter?: Jitter });

export const defaultBackoff: GrowingBackoff = {
  kind: 'exponential',
  delayMs: 1_000,
  maxMs: 5 * 60_000,
  jitter: 'equal',
};

/** No delay is longer than this, wherever it came from, milliseconds: a year. */
export const longestDelayMs = 365 * 24 * 3_600_000;

/** Fills in the defaults. The jitter of a custom rule is `none`: it can draw for itself. */
export function completeBackoff(options: BackoffOptions = {}): Backoff {
  if (options.kind === 'custom') return { jitter: 'none', ...options };
  if (options.kind === 'list') return { jitter: defaultBackoff.jitter, ...options };
  return { ...defaultBackoff, ...options };
}

/** Why a back-off can't work; undefined when it can. */
export function backoffProblem(backoff: Backoff): string | undefined {
  if (!['full', 'equal', 'none'].includes(backoff.jitter)) return 'backoff.jitter must be full, equal or none';
  switch (backoff.kind) {
    case 'custom':
      return typeof backoff.delay === 'function' ? undefined : 'backoff.delay must be a function';
    case 'list':
      return backoff.delaysMs.length > 0 && backoff.delaysMs.every(isDelay)
        ? undefined
        : 'backoff.delaysMs must list at least one delay of 0 or more milliseconds';
    case 'exponential':
    case 'linear':
    case 'fixed':
      return isDelay(backoff.delayMs) && isDelay(backoff.maxMs)
        ? undefined
        : 'backoff.delayMs and maxMs must be 0 or more milliseconds';
    default:
      return 'backoff.kind must be exponential, linear, fixed, list or custom';
  }
}

/** The delay before attempt `attempt + 1`, whole milliseconds. `random` draws from 0 to 1. */
export function backoffMs(
  backoff: Exclude<Backoff, CustomBackoff>,
  attempt: number,
  random: () => number = Math.random,
): number {
  return withJitter(plainDelay(backoff, attempt), backoff.jitter, random);
}

/** Takes off what chance takes off, and brings the delay into whole milliseconds that the ledger can hold. */
export function withJitter(delayMs: number, jitter: Jitter, random: () => number = Math.random): number {
  const kept = { full: 0, equal: 0.5, none: 1 }[jitter];
  return Math.round(Math.min(delayMs, longestDelayMs) * (kept + (1 - kept) * random()));
}

/** Whether something is a delay in milliseconds. */
export function isDelay(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

function plainDelay(backoff: Exclude<Backoff, CustomBackoff>, attempt: number): number {
  switch (backoff.kind) {
    case 'list':
      return backoff.delaysMs[Math.min(attempt, backoff.delaysMs.length) - 1] ?? 0;
    case 'exponential':
      return Math.min(backoff.delayMs * 2 ** Math.min(attempt - 1, 40), backoff.maxMs);
    case 'linear':
      return Math.min(backoff.delayMs * attempt, backoff.maxMs);
    case 'fixed':
      return Math.min(backoff.delayMs, backoff.maxMs);
  }
}
