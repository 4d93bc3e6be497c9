/** Random flows and what may happen to them, for the property that no flow can hang; and the ledger that they happen in. */
import fc from 'fast-check';
import { z } from 'zod';
import { defineJob, type Flow, type FlowJobOptions, type Json, onChildFailures } from '../../src/contract/index.ts';
import { flowRows } from '../../src/enqueue/flow.ts';
import { toNewJob } from '../../src/enqueue/to-new-job.ts';
import type { ClaimedJob } from '../../src/ledger/claim.ts';
import { type Database, openDatabase } from '../../src/ledger/database.ts';
import { insertFlow } from '../../src/ledger/flows.ts';
import { insertJobs } from '../../src/ledger/insert.ts';
import { migrate, platformMigrations } from '../../src/ledger/migrate.ts';
import { type EndedJob, settleJobs } from '../../src/ledger/settle.ts';
import { freshDatabase } from './stack.ts';

export const member = {
  ...defineJob({
    type: 'member',
    lane: 'realtime',
    queue: 'flows',
    payload: z.enum(onChildFailures),
    maxAttempts: 2,
  }),
  // A counterexample shows the type's name instead of its schema.
  [fc.toStringMethod]: () => 'member',
};
const queue = 'realtime/flows';
const limits = { inlineBytes: 100_000, maxBytes: 100_000 };

const rule = fc.constantFrom(...onChildFailures);
const options: fc.Arbitrary<FlowJobOptions> = fc.record(
  {
    onChildFailure: rule,
    cancelChildren: fc.boolean(),
    key: fc.constantFrom('k1', 'k2', 'k3'),
    delayMs: fc.constant(1),
    tenant: fc.constantFrom('t1', 't2'),
  },
  { requiredKeys: ['onChildFailure'] },
);

/** Flows of a few jobs, of every form. */
export const flows: fc.Arbitrary<Flow> = fc.letrec<{ flow: Flow; job: Flow; forms: Flow }>((tie) => {
  const some = fc.array(tie('flow'), { minLength: 1, maxLength: 3 });
  // The payload is the rule, so that a claim tells it.
  const job = options.map((given) => ({ job: member, payload: given.onChildFailure, options: given }));
  return {
    job,
    forms: fc.oneof(
      some.map((chain) => ({ chain })),
      some.map((parallel) => ({ parallel })),
      fc.record({ chord: some, next: tie('flow') }),
      fc.tuple(job, some).map(([parent, children]) => ({ ...parent, children })),
    ),
    flow: fc.oneof({ depthSize: 'small', maxDepth: 3, withCrossShrink: true }, tie('job'), tie('forms')),
  };
}).flow;

export const fates = ['succeed', 'succeed', 'succeed', 'die', 'retry', 'cancelled', 'released', 'crash'] as const;
export type Fate = (typeof fates)[number];

/** Happens while the jobs of a round end: to the job at place `target` (of those that exist), or a new job that waits for it. */
export type Deed =
  | { kind: 'cancel' | 'retry' | 'discard' | 'restore' | 'give up' | 'nothing' }
  | { kind: 'wait'; rule: (typeof onChildFailures)[number] };
export interface Round {
  fates: Fate[];
  deeds: (Deed & { target: number })[];
}

export const rounds: fc.Arbitrary<Round[]> = fc.array(
  fc.record({
    fates: fc.array(fc.constantFrom(...fates), { minLength: 1, maxLength: 5 }),
    deeds: fc.array(
      fc
        .tuple(
          fc.nat(60),
          fc.constantFrom('cancel', 'retry', 'discard', 'restore', 'give up', 'wait', 'nothing' as const),
          rule,
        )
        .map(([target, kind, ofWait]) => ({ target, kind, rule: ofWait }) as Deed & { target: number }),
      { maxLength: 2 },
    ),
  }),
  { minLength: 1, maxLength: 4 },
);

/** What scheduler, dispatcher and worker do one after another, in one round trip. */
const claimAll = `
  create function public.claim_all(session int, queue text, epoch bigint) returns setof twolane.claimed_job language plpgsql as $$
  begin
    perform twolane.wake_due(1000);
    perform twolane.pick(queue, epoch, 1000, 1000);
    return query select * from twolane.claim(session, array(select l.id from twolane.live l where l.state = 'queued' order by l.id), true);
  end $$`;

export interface LiveRow {
  id: string;
  state: string;
  key: string | null;
  reason: string | null;
  blockers: number;
  /** What it waits for still: the child, its rule, and where the child is. */
  edges: { child: string; rule: string; at: 'live' | 'dead' | 'discarded' | 'nowhere'; awaited: boolean | null }[];
}

/** A ledger without brokers and workers: whatever may run is claimed and ended by the history. */
export class FlowLedger {
  readonly database: Database;
  readonly #drop: () => Promise<void>;
  #epoch = 0;
  #session = 0;

  private constructor(database: Database, drop: () => Promise<void>) {
    this.database = database;
    this.#drop = drop;
  }

  static async open(): Promise<FlowLedger> {
    const fresh = await freshDatabase();
    const ledger = new FlowLedger(openDatabase({ url: fresh.url, size: 6 }), fresh.drop);
    await migrate(ledger.database, [platformMigrations]);
    await ledger.database.query(claimAll);
    ledger.#epoch = Number(await ledger.value('select twolane.take_queue($1)', [queue]));
    await ledger.#newSession();
    return ledger;
  }

  async close(): Promise<void> {
    await this.database.close();
    await this.#drop();
  }

  /** Forgets what a failed history left, so that the next one begins with nothing. */
  async reset(): Promise<void> {
    if ((await this.live()).length > 0)
      await this.value('truncate twolane.live, twolane.dead, twolane.discarded, twolane.waits');
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

  async insertWaiting(child: string, onChildFailure: (typeof onChildFailures)[number]): Promise<string> {
    const row = toNewJob(
      { job: member, payload: onChildFailure, options: { waitFor: [child], onChildFailure } },
      limits,
    );
    const [job] = await this.database.retrying(() => insertJobs(this.database, [row], { direct: true, shard: 0 }));
    return job?.id ?? '';
  }

  /** Wakes, releases and claims whatever may run. */
  async claim(): Promise<ClaimedJob[]> {
    const values = [this.#session, queue, this.#epoch];
    const { rows } = await this.database.retrying(() =>
      this.database.query<ClaimedJob>('select * from public.claim_all($1, $2, $3)', values),
    );
    return rows;
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

const error = { name: 'Error', message: 'It failed' };

/** What the ledger is told of a fate; undefined for one whose process ends. */
export function ended({ id, fence, type, attempt, max_attempts }: ClaimedJob, fate: Fate): EndedJob | undefined {
  const job = { id, fence, type };
  switch (fate) {
    case 'succeed':
      return { ...job, outcome: { kind: 'succeeded', result: id as Json } };
    case 'retry':
      if (attempt < max_attempts) return { ...job, outcome: { kind: 'retry', error, delayMs: 0, timedOut: false } };
      return ended({ id, fence, type, attempt, max_attempts } as ClaimedJob, 'die');
    case 'die':
      return { ...job, outcome: { kind: 'dead', error, timedOut: false } };
    case 'crash':
      return undefined;
    default:
      return {
        ...job,
        outcome: fate === 'released' ? { kind: 'released' } : { kind: 'cancelled', reason: 'cancelled' },
      };
  }
}
