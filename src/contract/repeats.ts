/** What happens when the same thing is asked for again: the options of an enqueue, and which of them go together. */

/** The job starts `ms` after the last enqueue of its key, with that one's payload, but no later than `maxMs` after the first. */
export interface Debounce {
  key: string;
  /** Milliseconds. */
  ms: number;
  /** Milliseconds, at least `ms`. Default: no limit. */
  maxMs?: number;
}

/** The first enqueue of a key makes a job; those within `ms` milliseconds after it are dropped and answered with that job. */
export interface Throttle {
  key: string;
  ms: number;
}

/** Of the jobs of this key that do not run only the newest stays; the others are cancelled as `replaced`. It is the job's `key` too. */
export interface KeepLast {
  key: string;
}

/** The options that this rule looks at. */
export interface Repeats {
  idempotencyKey?: string;
  idempotencyMs?: number;
  debounce?: Debounce;
  throttle?: Throttle;
  keepLast?: KeepLast;
  key?: string;
  delayMs?: number;
  runAt?: unknown;
  waitFor?: readonly string[];
}

/** Why the options do not go together, with the option to blame; undefined when they do. */
export function repeatsProblem(options: Repeats): { option: keyof Repeats; detail: string } | undefined {
  const { debounce, throttle, keepLast, idempotencyMs } = options;
  if (!debounce && !throttle && !keepLast && idempotencyMs === undefined) return undefined;
  const chosen = (['debounce', 'throttle', 'keepLast'] as const).filter((option) => options[option]);
  const [, second] = chosen;
  if (second) return { option: second, detail: `can not be combined with ${chosen[0]}` };
  for (const option of chosen) if (!options[option]?.key) return { option, detail: 'needs a key' };
  if (idempotencyMs !== undefined && !(idempotencyMs > 0))
    return { option: 'idempotencyMs', detail: 'must be above 0' };
  if (throttle && !(throttle.ms > 0)) return { option: 'throttle', detail: 'needs ms above 0' };
  if (keepLast && options.key !== undefined) return { option: 'key', detail: 'is what keepLast names; leave it out' };
  return debounce && debounceProblem(debounce, options);
}

function debounceProblem({ ms, maxMs }: Debounce, options: Repeats): ReturnType<typeof repeatsProblem> {
  if (!(ms > 0)) return { option: 'debounce', detail: 'needs ms above 0' };
  if (maxMs !== undefined && !(maxMs >= ms)) return { option: 'debounce', detail: 'needs a maxMs of at least ms' };
  for (const option of ['delayMs', 'runAt', 'waitFor'] as const)
    if (options[option] !== undefined)
      return { option, detail: 'can not be combined with debounce, which sets the start' };
  return undefined;
}
