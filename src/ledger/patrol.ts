/**
 * Conservation, live: looks at every live job in rounds, compares sums that were counted independently, has the ledger put
 * right what is wrong, and tells of each repair. Looks at a bounded number of rows at each step, and counts all of them the more
 * seldom the more there are.
 */
import type { Logger, Queryable } from '../contract/index.ts';
import type { Database } from './database.ts';

/** Jobs looked at in one statement: live ones, and those of the history while one is missing. */
const stepOf = { live: 5_000, history: 20_000 } as const;
/** A step of the patrol looks at live jobs for so long, and at one batch in any case. */
const lookMs = 200;
/** The part of the time that counting all live jobs may take: 1.5 s for ten million, and so one count in 150 s. */
const countShare = 0.01;
const newest = '9223372036854775807';

interface Mended {
  id: string;
  kind: string;
  queue: string | null;
  jobs: number;
  ids: string[];
  detail: string;
}

export class Patrol {
  readonly #database: Database;
  readonly #logger: Logger;
  /** The last live job that was looked at. */
  #after = '0';
  /** What is missing (or counted twice, below 0), and how far its search has come. */
  #search: { missing: number; before: string } | undefined;
  #toldUpTo: string | undefined;

  constructor({ database, logger }: { database: Database; logger: Logger }) {
    this.#database = database;
    this.#logger = logger;
  }

  /** One step. Does nothing while another process is at it. */
  async step(): Promise<void> {
    this.#toldUpTo ??= await lastRepair(this.#database);
    await this.#database.retrying(() =>
      this.#database.transaction(async (tx) => {
        const { rows } = await tx.query<{ mine: boolean }>(
          "select pg_try_advisory_xact_lock('twolane.repairs'::regclass::oid::int, 0) as mine",
        );
        if (!rows[0]?.mine) return;
        await this.#lookAtLive(tx);
      }),
    );
    await this.#database.retrying(() => this.#database.transaction((tx) => this.#balance(tx)));
    await this.#tell();
  }

  async #lookAtLive(tx: Queryable): Promise<void> {
    const startedAt = performance.now();
    do {
      const { rows } = await tx.query<{ last: string | null }>('select twolane.patrol($1, $2) as last', [
        this.#after,
        stepOf.live,
      ]);
      this.#after = rows[0]?.last ?? '0';
    } while (this.#after !== '0' && performance.now() - startedAt < lookMs);
  }

  /** A difference that stays from one count to the next is real: the sums are read in one snapshot. */
  async #balance(tx: Queryable): Promise<void> {
    const { rows } = await tx.query<{ missing: string }>(
      'select appended - settled - live as missing from twolane.count_books($1, $2)',
      [countShare, this.#search !== undefined],
    );
    if (!rows[0]) return;
    const missing = Number(rows[0].missing);
    if (missing === 0 || this.#search?.missing !== missing) {
      this.#search = missing === 0 ? undefined : { missing, before: newest };
      return;
    }
    const next = missing > 0 ? await this.#revive(tx, missing) : this.#after === '0' ? undefined : newest;
    if (next !== undefined) this.#search = { missing, before: next };
    else if (this.#search.before !== newest || missing < 0) await this.#mendCounters(tx, missing);
    // Found in the first step, perhaps: the next sums will tell.
    else this.#search = { missing, before: '0' };
  }

  /** Where to go on; undefined when the whole history was searched. */
  async #revive(tx: Queryable, missing: number): Promise<string | undefined> {
    const { rows } = await tx.query<{ next: string | null }>('select twolane.revive_lost($1, $2, $3) as next', [
      this.#search?.before ?? newest,
      stepOf.history,
      missing,
    ]);
    return rows[0]?.next ?? undefined;
  }

  async #mendCounters(tx: Queryable, missing: number): Promise<void> {
    await tx.query('select twolane.mend_counters($1)', [missing]);
    this.#search = undefined;
  }

  /** Whoever noted it: each process that patrols tells of all repairs, so that none is missed when one ends. */
  async #tell(): Promise<void> {
    const { rows } = await this.#database.query<Mended>(
      'select id, kind, queue, jobs, ids[1:10] as ids, detail from twolane.repairs where id > $1 order by id limit 100',
      [this.#toldUpTo],
    );
    for (const { id, kind, queue, jobs, ids, detail } of rows) {
      this.#toldUpTo = id;
      this.#logger.warn({ queue, jobs: ids, count: jobs, kind }, `Repaired: ${kind}, ${detail}`);
    }
  }
}

async function lastRepair(database: Queryable): Promise<string> {
  const { rows } = await database.query<{ id: string }>('select coalesce(max(id), 0) as id from twolane.repairs');
  return rows[0]?.id ?? '0';
}
