/**
 * A database on the shared server whose time is the test's own. The functions that tell the time stand in the search path before
 * PostgreSQL's, so that everything written for the real ones takes them without knowing; all connections see the same moment.
 */
import type { Queryable } from '../../src/contract/index.ts';
import { type Database, openDatabase } from '../../src/ledger/database.ts';
import { migrate, platformMigrations } from '../../src/ledger/migrate.ts';
import { freshDatabase } from './stack.ts';

/** A sequence keeps the time: setting it is seen at once by every connection, and no transaction holds it back. */
const time = `
  create schema twolane_time;
  create sequence twolane_time.clock;
  create function twolane_time.moment(regclass) returns bigint language internal stable strict as 'pg_sequence_last_value';
  create function twolane_time.now() returns timestamptz language sql stable as $$
    select to_timestamp(twolane_time.moment('twolane_time.clock') / 1000.0)
  $$;
  create function twolane_time.clock_timestamp() returns timestamptz language sql stable as $$
    select to_timestamp(twolane_time.moment('twolane_time.clock') / 1000.0)
  $$;
  create function twolane_time.pg_postmaster_start_time() returns timestamptz language sql stable as $$
    select timestamptz '2000-01-01 00:00:00Z'
  $$;`;

export class TimedDatabase {
  readonly database: Database;
  readonly #drop: () => Promise<void>;
  #now: number;

  private constructor(url: string, connections: number, drop: () => Promise<void>, now: number) {
    const opened = openDatabase({ url, size: connections });
    // Statements with values are few texts run many thousand times.
    const query = (text: string, values?: unknown[]) =>
      values === undefined ? opened.query(text) : opened.hot.query(text, values);
    this.database = { ...opened, query: query as Queryable['query'] };
    this.#drop = drop;
    this.#now = now;
  }

  /** With the tables of the platform. */
  static async open(connections: number, now: number): Promise<TimedDatabase> {
    const { url, drop } = await freshDatabase();
    await inNewDatabase(url, now);
    const timed = new TimedDatabase(url, connections, drop, now);
    await migrate(timed.database, [platformMigrations]);
    return timed;
  }

  /** Milliseconds since 1970. */
  get now(): number {
    return this.#now;
  }

  async setTime(now: number): Promise<void> {
    this.#now = now;
    await this.database.query(setTime, [now]);
  }

  async close(): Promise<void> {
    await this.database.close();
    await this.#drop();
  }
}

const setTime = `select setval('twolane_time.clock', $1::bigint)`;

async function inNewDatabase(url: string, now: number): Promise<void> {
  const database = openDatabase({ url, size: 1 });
  try {
    await database.query(time);
    await database.query(setTime, [now]);
    const name = new URL(url).pathname.slice(1);
    await database.query(`alter database ${name} set search_path = twolane_time, pg_catalog, public`);
    // Nothing grows here, so one plan is as good as another, and making them costs more than running them.
    await database.query(`alter database ${name} set plan_cache_mode = force_generic_plan`);
  } finally {
    await database.close();
  }
}
