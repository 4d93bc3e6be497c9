/** Slows down guessing: after some failures for a name, no more tries for a while. */
import { Problem } from '../problem.ts';

export interface Throttle {
  /** @throws Problem 429 `too_many_attempts` while the name is paused. */
  check(name: string): void;
  failed(name: string): undefined;
  passed(name: string): void;
}

/** Counts failures per name in this process; the oldest names are forgotten beyond 10,000. */
export function createThrottle(options: { failures: number; pauseMs: number }): Throttle {
  const names = new Map<string, { failures: number; until: number }>();
  return {
    check(name) {
      const known = names.get(name);
      if (!known || known.failures < options.failures) return;
      const waitS = Math.ceil((known.until - Date.now()) / 1_000);
      if (waitS > 0) throw tooMany(waitS);
      names.delete(name);
    },
    failed(name) {
      const failures = (names.get(name)?.failures ?? 0) + 1;
      names.delete(name);
      names.set(name, { failures, until: Date.now() + options.pauseMs });
      const oldest = names.keys().next();
      if (names.size > 10_000 && !oldest.done) names.delete(oldest.value);
      return undefined;
    },
    passed(name) {
      names.delete(name);
    },
  };
}

/** 429 with the seconds to wait. */
export function tooMany(waitS: number): Problem {
  return new Problem(429, 'too_many_attempts', 'Too many attempts', `Try again in ${waitS} s.`, {
    headers: { 'retry-after': String(waitS) },
  });
}
