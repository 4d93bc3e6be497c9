/** Forgets what was decided, announced and delivered after a while, so that the tables stay as large as a month. */
import type { DatabaseFor } from '../../contract/database.ts';

const keptDays = 30;

/** In the order in which nothing is left that points to what is gone. */
const aged = [
  ['notification_deliveries', 'id', 'at'],
  ['notification_decisions', 'id', 'at'],
  ['notification_pauses', 'destination', 'until'],
] as const;

export class Tidying {
  readonly #db: DatabaseFor;

  constructor(db: DatabaseFor) {
    this.#db = db;
  }

  /** Forgets up to `most` rows of each table. Answers how many were forgotten. */
  async forget(most: number): Promise<number> {
    let forgotten = 0;
    for (const [table, key, time] of aged) {
      const { rowCount } = await this.#db(table).query(
        `delete from twolane_social.${table} where ${key} in (
           select ${key} from twolane_social.${table} where ${time} < now() - interval '${keptDays} days'
           order by ${time} limit $1)`,
        [most],
      );
      forgotten += rowCount ?? 0;
    }
    return forgotten;
  }
}
