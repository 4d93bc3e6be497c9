/** The seeded people: those that nobody is, and anybody may be on the demo page. */
import type { DatabaseFor } from '../../contract/database.ts';

export interface SeededPerson {
  id: string;
  username: string;
  followerCount: number;
}

const columns = `u.id::text, u.username, coalesce(c.follower_count, 0) as "followerCount"
  from twolane_social.users u left join twolane_social.user_counts c on c.user_id = u.id::text where u.seeded`;

export class DemoPeople {
  readonly #db: DatabaseFor;

  constructor(db: DatabaseFor) {
    this.#db = db;
  }

  /** The most followed first, of those whose names begin with `prefix`. */
  async list(prefix: string, limit: number): Promise<SeededPerson[]> {
    const { rows } = await this.#db('').query<SeededPerson>(
      `select ${columns} and starts_with(lower(u.username), lower($1)) order by 3 desc, u.id limit $2`,
      [prefix, limit],
    );
    return rows;
  }

  /** Undefined when there is no seeded person of this name. */
  async find(username: string): Promise<SeededPerson | undefined> {
    const { rows } = await this.#db('').query<SeededPerson>(`select ${columns} and lower(u.username) = lower($1)`, [
      username,
    ]);
    return rows[0];
  }
}
