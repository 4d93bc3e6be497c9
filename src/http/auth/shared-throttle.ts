/** Slows down guessing across all processes: after some tries for a name without success, no more for a while. */
import type { Queryable } from '../../contract/database.ts';
import { sha256 } from './secret.ts';
import { tooMany } from './throttle.ts';

export interface SharedThrottle {
  /** Counts a try that is about to be made. @throws Problem 429 `too_many_attempts` while the name is paused */
  charge(name: string): Promise<void>;
  /** It was the right one: the name starts anew. */
  passed(name: string): Promise<void>;
}

/** Over `twolane.log_in_tries`. */
export function sharedThrottle(db: Queryable, { tries, pauseMs }: { tries: number; pauseMs: number }): SharedThrottle {
  return {
    async charge(name) {
      const { rows } = await db.query<{ wait: number }>(
        "select twolane.charge_log_in($1, $2, $3 * interval '1 ms') as wait",
        [sha256(name), tries, pauseMs],
      );
      const waitS = Math.ceil(rows[0]?.wait ?? 0);
      if (waitS > 0) throw tooMany(waitS);
    },
    async passed(name) {
      await db.query('delete from twolane.log_in_tries where name = $1', [sha256(name)]);
    },
  };
}
