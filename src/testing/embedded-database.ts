/** PostgreSQL inside the process of a test (PGlite), in virtual time. One instance serves a test process, one test after another. */
import type { PGlite } from '@electric-sql/pglite';
import { TwolaneError } from '../contract/index.ts';
import { nextMoment, virtualTime } from './virtual-time.ts';

/** Instances that no test uses: starting one takes seconds, emptying one does not. */
const idle: PGlite[] = [];

/** int8 and numeric arrive as text, as `pg` gives them. */
const parsers = { 20: (text: string) => text, 1700: (text: string) => text };

export class EmbeddedDatabase {
  readonly pglite: PGlite;

  private constructor(pglite: PGlite) {
    this.pglite = pglite;
  }

  /** Empty but for the functions of virtual time. @throws TwolaneError `pglite_missing` */
  static async open(now: number): Promise<EmbeddedDatabase> {
    const pglite = idle.pop() ?? (await start());
    const database = new EmbeddedDatabase(pglite);
    await database.#empty();
    await pglite.exec(virtualTime);
    await pglite.exec(
      'set search_path = twolane_time, pg_catalog, public; set jit = off; set synchronous_commit = off',
    );
    await database.setTime(now);
    return database;
  }

  async setTime(now: number): Promise<void> {
    await this.pglite.query("select set_config('twolane_time.now', $1, false)", [new Date(now).toISOString()]);
  }

  /** When time alone changes something in the ledger next, milliseconds since 1970. */
  async nextMoment(): Promise<number | undefined> {
    const { rows } = await this.pglite.query<{ at: string | null }>(nextMoment);
    const at = rows[0]?.at;
    return at === null || at === undefined ? undefined : Math.ceil(Number(at));
  }

  /** What the live jobs look like, to tell whether anything happens. */
  async fingerprint(): Promise<string> {
    const { rows } = await this.pglite.query<{ print: string }>(fingerprint);
    return rows[0]?.print ?? '';
  }

  /** Another test may have it. */
  release(): void {
    idle.push(this.pglite);
  }

  async #empty(): Promise<void> {
    const { rows } = await this.pglite.query<{ name: string }>(
      "select nspname as name from pg_catalog.pg_namespace where nspname !~ '^(pg_|information_schema$)'",
    );
    for (const { name } of rows) await this.pglite.exec(`drop schema "${name}" cascade`);
    await this.pglite.exec('create schema public');
  }
}

const fingerprint = `
  select md5(concat(
    (select string_agg(concat_ws(' ', id, state, fence, crashes, waiting, in_line, lot, due_at, cancel), ',' order by id) from twolane.live), ' ',
    (select count(*) from twolane.done), ' ', (select count(*) from twolane.dead), ' ', (select count(*) from twolane.jobs), ' ',
    (select string_agg(id::text, ',' order by id) from twolane.sessions))) as print`;

async function start(): Promise<PGlite> {
  const { PGlite } = await import('@electric-sql/pglite').catch((error: unknown) => {
    const cure = 'Tests need PostgreSQL in the process: npm install --save-dev @electric-sql/pglite';
    throw new TwolaneError('pglite_missing', cure, { cause: error });
  });
  return PGlite.create({ parsers });
}
