/** A ledger without brokers and workers, in virtual time, for flows: whatever may run is claimed and ended by the test. */
import type { Flow, OnChildFailure } from '../../src/contract/index.ts';
import { flowRows } from '../../src/enqueue/flow.ts';
import { createSecretFields } from '../../src/enqueue/secret-fields.ts';
import { toNewJob } from '../../src/enqueue/to-new-job.ts';
import type { ClaimedJob } from '../../src/ledger/claim.ts';
import type { Database } from '../../src/ledger/database.ts';
import { insertFlow } from '../../src/ledger/flows.ts';
import { insertJobs } from '../../src/ledger/insert.ts';
import { type EndedJob, settleJobs } from '../../src/ledger/settle.ts';
import { member } from './flow-histories.ts';
import { TimedDatabase } from './timed-database.ts';

const queue = 'realtime/flows';
const limits = { secrets: createSecretFields('', {}), inlineBytes: 100_000, maxBytes: 100_000 };

/**
 * What scheduler, dispatcher and worker do one after another, in one round trip; and what the patrol does to jobs that stand
 * first in their key and are still held.
 */
const helpers = `
  create function public.claim_all(session int, queue text, epoch bigint) returns setof twolane.claimed_job language plpgsql as $$
  begin
    perform twolane.wake_due(1000);
    perform twolane.forget_discarded(1000);
    perform twolane.pick(queue, epoch, 1000, 1000);
    return query select * from twolane.claim(session, array(select l.id from twolane.live l where l.state = 'queued' order by l.id), true);
  end $$;
  create function public.sweep_held() returns int language sql as $$
    with freed as (
      update twolane.live l set waiting = l.limit_key is null, in_line = case when l.limit_key is not null then 1 end
      where l.state = 'waiting' and not l.waiting and l.in_line is null and l.lot is null and l.key is not null
        and not exists (select from twolane.live s where s.key = l.key and s.id < l.id)
      returning id
    )
    select count(*)::int from freed
  $$`;

export interface LiveRow {
  id: string;
  state: string;
  key: string | null;
  reason: string | null;
  blockers: number;
  /** What it waits for still: the child, its rule, and where the child is. */
  edges: { child: string; rule: string; at: 'live' | 'dead' | 'discarded' | 'nowhere'; awaited: boolean | null }[];
}

const start = Date.parse('2026-03-01T00:00:00Z');

/** When time alone changes something next. */
const nextMoment = `select (extract(epoch from min(at)) * 1000)::float8 from (
  select due_at as at from twolane.live where due_at > now()
  union all select expires_at from twolane.discarded where expires_at > now()) moments`;

export class FlowLedger {
  readonly database: Database;
  readonly #timed: TimedDatabase;
  #epoch = 0;
  #session = 0;

  private constructor(timed: TimedDatabase) {
    this.database = timed.database;
    this.#timed = timed;
  }

  static async open(): Promise<FlowLedger> {
    const ledger = new FlowLedger(await TimedDatabase.open(6, start));
    await ledger.database.query(helpers);
    ledger.#epoch = Number(await ledger.value('select twolane.take_queue($1)', [queue]));
    await ledger.#newSession();
    return ledger;
  }

  async close(): Promise<void> {
    await this.#timed.close();
  }

  /** Forgets what a failed history left, so that the next one begins with nothing, and at one moment. */
  async begin(): Promise<void> {
    await this.#timed.setTime(start);
    if ((await this.live()).length > 0)
      await this.value('truncate twolane.live, twolane.dead, twolane.discarded, twolane.waits');
  }

  advance(ms: number): Promise<void> {
    return this.#timed.setTime(this.#timed.now + ms);
  }

  /** Goes to the moment at which a job is due or a discarded one is gone for good. False: there is none. */
  async advanceToNext(): Promise<boolean> {
    const at = (await this.value(nextMoment)) as number | null;
    if (at !== null) await this.#timed.setTime(Math.ceil(at));
    return at !== null;
  }

  async value(sql: string, values: unknown[] = []): Promise<unknown> {
    const { rows } = await this.database.retrying(() => this.database.query(sql, values));
    return rows[0] && Object.values(rows[0])[0];
  }

  async insert(flow: Flow): Promise<string[]> {
    const rows = flowRows(flow, {}, (item) => toNewJob(item, limits));
    const inserted = await insertFlow(this.database, rows, { direct: true, shard: 0 });
    return inserted.map((job) => job.id);
  }

  async insertWaiting(child: string, onChildFailure: OnChildFailure): Promise<string> {
    const row = toNewJob(
      { job: member, payload: onChildFailure, options: { waitFor: [child], onChildFailure } },
      limits,
    );
    const [job] = await this.database.retrying(() => insertJobs(this.database, [row], { direct: true, shard: 0 }));
    return job?.id ?? '';
  }

  /** What a running job enqueues: two jobs of one lane, one of them in the order of a key, that may wait for each other. */
  async insertChildren(parent: ClaimedJob, waitFor: readonly string[]): Promise<string[]> {
    const options = [{ key: `k${Number(BigInt(parent.id) % 3n) + 1}` }, { waitFor }];
    const rows = options.map((one) =>
      toNewJob({ job: member, payload: 'block', options: { ...one, parentId: parent.id } }, limits),
    );
    const inserted = await this.database.retrying(() => insertJobs(this.database, rows, { direct: true, shard: 0 }));
    return inserted.map((job) => job.id);
  }

  /** Wakes, releases and claims whatever may run. */
  async claim(): Promise<ClaimedJob[]> {
    const values = [this.#session, queue, this.#epoch];
    const { rows } = await this.database.retrying(() =>
      this.database.query<ClaimedJob>('select * from public.claim_all($1, $2, $3)', values),
    );
    return rows;
  }

  /** How many jobs stood first in their key and were still held. */
  async sweep(): Promise<number> {
    return Number(await this.value('select public.sweep_held()'));
  }

  settle(ended: readonly EndedJob[]): Promise<unknown> {
    return this.database.retrying(() => settleJobs(this.database, ended, 'worker'));
  }

  /** The process of all that still runs is gone. */
  async crash(): Promise<void> {
    await this.value('select twolane.bury($1, $2)', [this.#session, 'gone']);
    await this.#newSession();
  }

  /** Gives dead jobs up, for good after `windowMs`; those whose time is over are gone. */
  async discard(ids: readonly string[], windowMs: number): Promise<void> {
    await this.value('select twolane.discard($1, $2)', [ids, windowMs]);
    await this.value('select twolane.forget_discarded(1000)');
  }

  async live(): Promise<LiveRow[]> {
    const { rows } = await this.database.query<LiveRow>(
      `select l.id, l.state, l.key, l.reason, l.blockers, coalesce((select json_agg(json_build_object('child', w.child_id::text, 'rule', w.rule,
           'at', case when c.id is not null then 'live' when x.id is not null then 'dead' when u.id is not null then 'discarded'
             else 'nowhere' end,
           'awaited', coalesce(c.awaited, x.awaited, u.awaited)))
         from twolane.waits w left join twolane.live c on c.id = w.child_id left join twolane.dead x on x.id = w.child_id
           left join twolane.discarded u on u.id = w.child_id
         where w.parent_id = l.id), '[]') as edges
       from twolane.live l order by l.id`,
    );
    return rows;
  }

  async #newSession(): Promise<void> {
    const id = await this.value(
      `insert into twolane.sessions (host, pid, role, version, queues) values ('test', 1, 'test', '1', '[]') returning id`,
    );
    this.#session = Number(id);
  }
}
