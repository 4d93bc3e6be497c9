/** The ledger alone, inside the test and in virtual time: what dispatcher, workers and operators do to it is one call each. */
import type { InsertedJob, NewJob, PauseTarget, QueuePath } from '../../src/contract/index.ts';
import type { ClaimedJob } from '../../src/ledger/claim.ts';
import type { Database } from '../../src/ledger/database.ts';
import { insertJobs } from '../../src/ledger/insert.ts';
import { migrate, platformMigrations } from '../../src/ledger/migrate.ts';
import { pause, resume } from '../../src/ledger/pauses.ts';
import { type EndedJob, type Settlement, settleJobs } from '../../src/ledger/settle.ts';
import { EmbeddedDatabase } from '../../src/testing/embedded-database.ts';
import { Gate } from '../../src/testing/gate.ts';
import { processDatabase } from '../../src/testing/process-database.ts';
import { ProcessClock, VirtualClock } from '../../src/testing/virtual-clock.ts';

/** What scheduler and dispatcher do in a moment; and the moves of jobs, written down by the tables themselves. */
const helpers = `
  create function public.turn(names text[], epochs bigint[], win int) returns setof twolane.envelope language plpgsql as $$
  begin
    perform twolane.wake_due(1000);
    perform twolane.sweep_expired(1000);
    perform twolane.tend_lots(1000);
    return query select p.* from unnest(names, epochs) q(name, epoch), twolane.pick(q.name, q.epoch, win, 1000) p;
  end $$;
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
  key: string | null;
  limit_key: string | null;
  tenant: string;
  prio: number;
  state: string;
  waiting: boolean;
  /** Let into the outbox or beyond: it holds a slot where its type has limits. */
  holds: boolean;
}

export class TimedLedger {
  readonly database: Database;
  readonly #embedded: EmbeddedDatabase;
  readonly #clock: VirtualClock;
  readonly #queues: readonly QueuePath[];
  #epochs: number[] = [];
  #histories = 0;

  private constructor(embedded: EmbeddedDatabase, clock: VirtualClock, queues: readonly QueuePath[]) {
    this.#embedded = embedded;
    this.#clock = clock;
    this.#queues = queues;
    this.database = processDatabase(embedded, new Gate(new ProcessClock(clock)));
  }

  static async open(queues: readonly QueuePath[]): Promise<TimedLedger> {
    const clock = new VirtualClock(Date.parse('2026-03-01T00:00:00Z'));
    const ledger = new TimedLedger(await EmbeddedDatabase.open(clock.now), clock, queues);
    await migrate(ledger.database, [platformMigrations]);
    await ledger.database.query(helpers);
    for (const queue of queues)
      ledger.#epochs.push(Number(await ledger.value('select twolane.take_queue($1)', [queue])));
    return ledger;
  }

  get now(): number {
    return this.#clock.now;
  }

  async value(sql: string, values: unknown[] = []): Promise<unknown> {
    const { rows } = await this.database.query(sql, values);
    return rows[0] && Object.values(rows[0])[0];
  }

  /** Forgets what a failed history left, so that the next one begins with nothing. */
  async reset(): Promise<void> {
    const tables = ['live', 'dead', 'discarded', 'lots', 'starts', 'stepped_aside', 'tallies', 'sessions'];
    const all = [...tables.map((table) => `twolane.${table}`), 'public.moves'];
    // Emptying is dear and deleting leaves dead rows behind: both in turns.
    const forget =
      this.#histories % 50 === 0 ? [`truncate ${all.join(', ')}`] : all.map((table) => `delete from ${table}`);
    this.#histories += 1;
    await this.database.query([...forget, 'update twolane.queues set paused = false, held = false'].join('; '));
  }

  async advance(ms: number): Promise<void> {
    this.#clock.moveTo(this.#clock.now + ms);
    await this.#embedded.setTime(this.#clock.now);
  }

  insert(jobs: readonly NewJob[]): Promise<InsertedJob[]> {
    return insertJobs(this.database, jobs, { direct: true, shard: 0 });
  }

  async newSession(): Promise<number> {
    const sql = `insert into twolane.sessions (host, pid, role, version, queues) values ('test', 1, 'test', '1', '[]') returning id`;
    return Number(await this.value(sql));
  }

  /** Wakes, expires, empties lots and fills the windows. Answers what was released. */
  async turn(window: number): Promise<{ id: string; queue: string; type: string }[]> {
    const values = [this.#queues, this.#epochs, window];
    const { rows } = await this.database.query('select * from public.turn($1, $2, $3)', values);
    return rows;
  }

  /** Claims up to `most` of what is released, the oldest first, as a worker with nothing else to do. */
  async claim(session: number, most: number): Promise<ClaimedJob[]> {
    const { rows } = await this.database.query<ClaimedJob>(
      `select * from twolane.claim($1, array(select id from twolane.live where state = 'queued' and lot is null order by id limit $2), true)`,
      [session, most],
    );
    return rows;
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

  async live(): Promise<LiveJob[]> {
    const { rows } = await this.database.query<LiveJob>(
      `select id, type, key, limit_key, tenant, prio, state, waiting, waiting or dispatched_at is not null as holds from twolane.live order by id`,
    );
    return rows;
  }

  /** Every move since the last reset, in order, by job. */
  async moves(): Promise<Map<string, string[]>> {
    const { rows } = await this.database.query<{ id: string; state: string }>(
      'select id, state from public.moves order by n',
    );
    const moves = new Map<string, string[]>();
    for (const { id, state } of rows) moves.set(id, [...(moves.get(id) ?? []), state]);
    return moves;
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

  close(): void {
    this.#embedded.release();
  }
}
