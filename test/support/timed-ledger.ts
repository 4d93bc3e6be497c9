/**
 * The ledger alone and in virtual time: what dispatcher, workers and operators do to it is one call each, and one round trip,
 * of which a history has some fifty. It all happens in one transaction on one connection, and is rolled back afterwards.
 */
import type { InsertedJob, NewJob, PauseTarget, QueuePath } from '../../src/contract/index.ts';
import type { ClaimedJob } from '../../src/ledger/claim.ts';
import type { Database } from '../../src/ledger/database.ts';
import { insertJobs } from '../../src/ledger/insert.ts';
import { pause, resume } from '../../src/ledger/pauses.ts';
import { type EndedJob, type Settlement, settleJobs } from '../../src/ledger/settle.ts';
import { TimedDatabase } from './timed-database.ts';

/** What scheduler, dispatcher and a worker do in a moment, and what is there afterwards. */
const helpers = `
  create function public.live_jobs() returns json language plpgsql as $$
  begin
    return (select coalesce(json_agg(json_build_object('id', id::text, 'type', type, 'queue', queue, 'key', key,
      'limit_key', limit_key, 'tenant', tenant, 'prio', prio, 'state', state, 'waiting', waiting,
      'holds', waiting or dispatched_at is not null, 'expired', coalesce(expires_at <= now(), false)) order by id), '[]')
      from twolane.live);
  end $$;
  create function public.release(names text[], epochs bigint[], win int) returns bigint[] language plpgsql as $$
  begin
    perform twolane.wake_due(1000);
    perform twolane.sweep_expired(1000);
    perform twolane.tend_lots(1000);
    return array(select p.id from unnest(names, epochs) q(name, epoch), twolane.pick(q.name, q.epoch, win, 1000) p);
  end $$;
  create function public.turn(names text[], epochs bigint[], win int) returns json language plpgsql as $$
  declare
    before int := (select count(*) from twolane.live where state = 'queued');
    released text[] := public.release(names, epochs, win);
  begin
    return json_build_object('before', before, 'released', released, 'live', public.live_jobs());
  end $$;
  create function public.claim(session int, most int, names text[], epochs bigint[]) returns json language plpgsql as $$
  declare
    claimed json;
  begin
    if names is not null then perform public.release(names, epochs, most); end if;
    claimed := (select coalesce(json_agg(to_jsonb(c) || jsonb_build_object('id', c.id::text)), '[]')
      from twolane.claim(session, array(select id from twolane.live where state = 'queued' and lot is null order by id limit most), true) c);
    return json_build_object('claimed', claimed, 'live', public.live_jobs());
  end $$;`;

/** The moves of jobs, written down by the tables themselves. */
const moves = `
  create table public.moves (n bigint generated always as identity, id bigint, state text);
  create function public.note_move() returns trigger language plpgsql as $$
  begin
    if to_jsonb(new) ->> 'state' = to_jsonb(old) ->> 'state' then return null; end if;
    insert into public.moves (id, state) values (new.id, coalesce(to_jsonb(new) ->> 'state', 'dead'));
    return null;
  end $$;
  create trigger note after insert or update on twolane.live for each row execute function public.note_move();
  create trigger note after insert on twolane.done for each row execute function public.note_move();
  create trigger note after insert on twolane.dead for each row execute function public.note_move();`;

export interface LiveJob {
  id: string;
  type: string;
  queue: QueuePath;
  key: string | null;
  limit_key: string | null;
  tenant: string;
  prio: number;
  state: string;
  waiting: boolean;
  /** Let into the outbox or beyond: it holds a slot where its type has limits. */
  holds: boolean;
  expired: boolean;
}

export interface Turn {
  /** Released and unclaimed when it began. */
  before: number;
  released: string[];
  live: LiveJob[];
}

const start = Date.parse('2026-03-01T00:00:00Z');
const newSessions = `insert into twolane.sessions (host, pid, role, version, queues)
  select 'test', 1, 'test', '1', '[]' from generate_series(1, $1) returning id`;

export class TimedLedger {
  readonly database: Database;
  readonly #timed: TimedDatabase;
  readonly #queues: readonly QueuePath[];
  #epochs: number[] = [];

  private constructor(timed: TimedDatabase, queues: readonly QueuePath[]) {
    this.#timed = timed;
    this.#queues = queues;
    this.database = timed.database;
  }

  static async open(queues: readonly QueuePath[]): Promise<TimedLedger> {
    const ledger = new TimedLedger(await TimedDatabase.open(1, start), queues);
    await ledger.database.query(helpers);
    for (const queue of queues)
      ledger.#epochs.push(Number(await ledger.value('select twolane.take_queue($1)', [queue])));
    return ledger;
  }

  get now(): number {
    return this.#timed.now;
  }

  async value(sql: string, values: unknown[]): Promise<unknown> {
    const { rows } = await this.database.query(sql, values);
    return rows[0] && Object.values(rows[0])[0];
  }

  /** A history begins with nothing and at one moment. What the one before did is rolled back. */
  async begin(): Promise<void> {
    await this.database.query('rollback; begin');
    await this.#timed.setTime(start);
  }

  advance(ms: number): Promise<void> {
    return this.#timed.setTime(this.now + ms);
  }

  insert(jobs: readonly NewJob[]): Promise<InsertedJob[]> {
    return insertJobs(this.database, jobs, { direct: true, shard: 0 });
  }

  async newSessions(count: number): Promise<number[]> {
    const { rows } = await this.database.query<{ id: number }>(newSessions, [count]);
    return rows.map(({ id }) => id);
  }

  /** Wakes, expires, empties lots and fills the windows. */
  async turn(window: number): Promise<Turn> {
    return (await this.value('select public.turn($1, $2, $3)', [this.#queues, this.#epochs, window])) as Turn;
  }

  /**
   * Claims up to `most` of what is released, the oldest first, as a worker with nothing else to do.
   * @param turn takes a turn with a window of `most` before
   */
  async claim(
    session: number,
    most: number,
    { turn = false } = {},
  ): Promise<{ claimed: ClaimedJob[]; live: LiveJob[] }> {
    const queues = turn ? [this.#queues, this.#epochs] : [null, null];
    return (await this.value('select public.claim($1, $2, $3, $4)', [session, most, ...queues])) as never;
  }

  settle(ended: readonly EndedJob[]): Promise<Settlement> {
    return settleJobs(this.database, ended, 'worker');
  }

  async bury(session: number): Promise<void> {
    await this.value('select twolane.bury($1, $2)', [session, 'gone']);
  }

  pause(target: PauseTarget): Promise<void> {
    return pause(this.database, target);
  }

  resume(target: PauseTarget): Promise<void> {
    return resume(this.database, target);
  }

  /** From now on every move of a job is written down. */
  async noteMoves(): Promise<void> {
    await this.database.query(moves);
  }

  /** Every move of this history, in order, by job. */
  async moves(): Promise<Map<string, string[]>> {
    const { rows } = await this.database.query<{ id: string; state: string }>(
      'select id, state from public.moves order by n',
    );
    const found = new Map<string, string[]>();
    for (const { id, state } of rows) found.set(id, [...(found.get(id) ?? []), state]);
    return found;
  }

  /** Of these jobs, those that are not in exactly one place. */
  async astray(ids: readonly string[]): Promise<string[]> {
    const { rows } = await this.database.query<{ id: string }>(
      `select i as id from unnest($1::bigint[]) i where (select count(*) from twolane.live where id = i)
         + (select count(*) from twolane.done where id = i) + (select count(*) from twolane.dead where id = i) <> 1`,
      [`{${ids.join(',')}}`],
    );
    return rows.map(({ id }) => id);
  }

  async close(): Promise<void> {
    await this.database.query('rollback');
    await this.#timed.close();
  }
}
