/**
 * No statement of a job's way, of the scheduler or of the operator pages touches more because more jobs wait: counted in pages,
 * beside a thousand jobs of each kind and beside more. The one that must is left out: the patrol checks the sums against a count
 * of all live jobs, which is what makes them independent. It counts the more seldom the longer that takes.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import {
  type Catalog,
  defineJob,
  type NewJob,
  type Outcome,
  type Queryable,
  type QueuePath,
} from '../../src/contract/index.ts';
import { type ClaimedJob, claimJobs } from '../../src/ledger/claim.ts';
import { type Database, openDatabase } from '../../src/ledger/database.ts';
import { readDeadGroups } from '../../src/ledger/dead-groups.ts';
import { insertJobs } from '../../src/ledger/insert.ts';
import { registerLimits } from '../../src/ledger/limits.ts';
import { listJobs } from '../../src/ledger/list-jobs.ts';
import { weighQueues } from '../../src/ledger/pressure.ts';
import { readJob } from '../../src/ledger/read-job.ts';
import { settleJobs } from '../../src/ledger/settle.ts';
import { newJob } from '../support/life-histories.ts';
import { longUnless } from '../support/long.ts';
import { pagesRead } from '../support/pages-read.ts';
import { migratedDatabase } from '../support/stack.ts';

/** More than any of the bounds: a pick looks at up to 600 jobs of a line. */
const few = 1_000;
const common = { lane: 'realtime', payload: z.object({}) } as const;
const catalog = {
  limited: defineJob({ ...common, type: 'limited', queue: 'limited', limits: { concurrency: 20 } }),
  'per-key': defineJob({ ...common, type: 'per-key', queue: 'per-key', limits: { perKey: { concurrency: 2 } } }),
} satisfies Catalog;
const queues = ['busy', 'keyed', 'limited', 'per-key', 'later', 'blocked', 'idle'].map((name) => `realtime/${name}`);
const far = 86_400_000;

/** An index that grows is a level deeper now and then, and what is next to each other in it is farther apart in the table. */
const levels = 2.2;
const slack = 60;
/** Ages are read from up to 500 heads of each line, wherever in the table these are. */
const slackOf: Readonly<Record<string, number>> = { 'the queues, counted to twenty': 1_000 };

describe.each([{ many: 3_000 }, { many: 100_000 }])('Beside $many waiting jobs of each kind', ({ many }) => {
  let database: Database;
  let drop: () => Promise<void>;
  let session: number;
  /** Never to end, so that others wait for it. */
  let awaited: string;

  beforeAll(async () => {
    const fresh = await migratedDatabase();
    drop = fresh.drop;
    database = openDatabase({ url: fresh.url, size: 1 });
    await registerLimits(database, catalog);
    for (const queue of queues) await value('select twolane.take_queue($1)', [queue]);
    await value("update twolane.queues set held = true where queue <> 'realtime/idle'");
    session = (await value(newSession)) as number;
    awaited = (await insert([newJob({ queue: 'realtime/later', delayMs: far })]))[0] as string;
  });
  afterAll(async () => {
    await database?.close();
    await drop?.();
  });

  test('every statement touches as many pages as beside a thousand', {
    timeout: 60_000 + many * 10,
    // The second try would begin where the first one ended.
    retry: 0,
    ...longUnless(many === 3_000),
  }, async () => {
    await fill(few);
    const before = await measured();
    await fill(many - few);
    const after = await measured();
    expect(before.size).toBeGreaterThan(25);
    const grown = [...after].filter(
      ([name, pages]) => pages > (before.get(name) ?? 0) * levels + (slackOf[name] ?? slack),
    );
    if (many > 3_000) console.info(Object.fromEntries([...after].map(([name, n]) => [name, [before.get(name), n]])));
    expect(grown.map(([name, pages]) => `${name}: ${before.get(name)} pages, now ${pages}`)).toEqual([]);
  });

  async function value(sql: string, values: unknown[] = []): Promise<unknown> {
    const { rows } = await database.query(sql, values);
    return rows[0] && Object.values(rows[0])[0];
  }

  async function insert(jobs: NewJob[], tx: Queryable = database): Promise<string[]> {
    return (await insertJobs(tx, jobs, { direct: true, shard: 0 })).map(({ id }) => id);
  }

  /** Adds so many of each kind: in every way of waiting, and in the history. */
  async function fill(count: number): Promise<void> {
    // In batches: the first of a key's jobs in each of them stands in the outbox until a pick has looked at it.
    const batch = count > few ? 1_000 : 100;
    for (let at = 0; at < count; at += batch) {
      const jobs = Array.from({ length: Math.min(batch, count - at) }, (_, n) => kinds(at + n)).flat();
      await insert(jobs);
      await end(jobs.length / 8);
    }
    await value('select twolane.roll_up(), twolane.roll_up_dead()');
    await database.query('vacuum analyze');
  }

  const kinds = (n: number): NewJob[] => [
    newJob({ queue: 'realtime/busy', tenant: `t${n % 10}` }),
    newJob({ queue: 'realtime/busy', tenant: 'expiring', expiresAt: new Date(Date.now() + far).toISOString() }),
    newJob({ queue: 'realtime/keyed', key: 'one' }),
    newJob({ queue: 'realtime/limited', type: 'limited', limitKey: '' }),
    newJob({ queue: 'realtime/per-key', type: 'per-key', limitKey: `k${n % 50}` }),
    newJob({ queue: 'realtime/later', delayMs: far }),
    newJob({ queue: 'realtime/blocked', waitFor: [awaited] }),
    newJob({ queue: 'realtime/busy', priority: 'low', tenant: `t${n}` }),
  ];

  /** The history: so many more that have ended, a tenth of them dead. */
  async function end(count: number): Promise<void> {
    const ids = await insert(Array.from({ length: count }, () => newJob({ queue: 'realtime/idle' })));
    await settle(await claimJobs(database, session, ids, true), 0.1);
  }

  async function settle(claimed: ClaimedJob[], deadShare: number, tx: Queryable = database): Promise<void> {
    const ended = claimed.map(({ id, fence, type }, n) => ({
      ...{ id, fence, type },
      outcome: n < claimed.length * deadShare ? dead : ({ kind: 'succeeded', result: null } as const),
    }));
    await settleJobs(tx, ended, 'worker');
  }

  /** The pages of each piece of work, by its name. Everything is done twice: the first time a connection reads its catalogs. */
  async function measured(): Promise<Map<string, number>> {
    const found = new Map<string, number>();
    for (const [name, work] of [...Object.entries(pieces()), ...Object.entries(pieces())]) {
      await database.query('begin');
      found.set(name, await pagesRead(database, work));
      await database.query('rollback');
    }
    return found;
  }

  type Work = (tx: Queryable) => Promise<unknown>;

  function pieces(): Record<string, Work> {
    const says =
      (sql: string, ...values: unknown[]): Work =>
      (tx) =>
        tx.query(sql, values);
    const ten = (given: Partial<NewJob>) => Array.from({ length: 10 }, () => newJob(given));
    const enqueues = (given: Partial<NewJob>) => (tx: Queryable) => insert(ten(given), tx);
    const pick = async (tx: Queryable, name: string) => {
      const { rows } = await tx.query<{ id: string }>('select * from twolane.pick($1, 1, 10, 1000)', [
        `realtime/${name}`,
      ]);
      return rows.map(({ id }) => id);
    };
    const runs = (name: string) => async (tx: Queryable) => {
      const claimed = await claimJobs(tx, session, await pick(tx, name), true);
      if (claimed.length === 0) throw new Error(`Nothing runs of ${name}`);
      await settle(claimed, 0.3, tx);
      await pick(tx, name);
    };
    return {
      'enqueue plain ones': enqueues({ queue: 'realtime/idle' }),
      'enqueue behind the backlog': enqueues({ queue: 'realtime/busy', tenant: 't1' }),
      'enqueue for a new tenant': enqueues({ queue: 'realtime/busy', tenant: 'new' }),
      'enqueue behind a key': enqueues({ queue: 'realtime/keyed', key: 'one' }),
      'enqueue limited ones': enqueues({ queue: 'realtime/limited', type: 'limited', limitKey: '' }),
      'enqueue for a key that is full': enqueues({ queue: 'realtime/per-key', type: 'per-key', limitKey: 'k1' }),
      'enqueue for later': enqueues({ queue: 'realtime/later', delayMs: far }),
      'enqueue once': enqueues({ queue: 'realtime/busy', idempotency: { key: 'k', ms: far, digest: 'd' } }),
      'enqueue to wait': enqueues({ queue: 'realtime/blocked', waitFor: [awaited] }),
      'a run from the backlog': runs('busy'),
      'a run of a key': runs('keyed'),
      'a run of a limited type': runs('limited'),
      'a run of limited keys': runs('per-key'),
      'a worker that dies': async (tx) => {
        await claimJobs(tx, session, await pick(tx, 'busy'), true);
        await tx.query('select * from twolane.bury($1, $2)', [session, 'gone']);
      },
      'a cancel': async (tx) => {
        const [id] = await insert(ten({ queue: 'realtime/busy' }), tx);
        await tx.query("select * from twolane.cancel(array[$1]::bigint[], 'cancelled')", [id]);
      },
      'a retry': async (tx) => {
        const { rows } = await tx.query('select id from twolane.dead order by id limit 1');
        await tx.query('select twolane.revive(array[$1]::bigint[])', [rows[0]?.id]);
      },
      'the look of the dispatcher': says(
        'select * from twolane.look($1, $2)',
        queues,
        queues.map(() => 20),
      ),
      'hasten urgent ones': says('select twolane.hasten($1)', 'realtime/busy'),
      'wake what is due': says('select twolane.wake_due(100)'),
      'cancel what has expired': says('select twolane.sweep_expired(100)'),
      'tend parked jobs': says('select * from twolane.tend_lots(100)'),
      'the sums as they were counted last': says('select * from twolane.books'),
      'facts of the queues': says('select * from twolane.queue_facts()'),
      'weigh the queues': (tx) =>
        weighQueues(tx, queues as QueuePath[], { maxAgeMs: { realtime: far, bulk: far }, maxBytes: undefined }),
      'dead sessions': says('select * from twolane.suspects(10000)'),
      'a heartbeat': says('select * from twolane.heartbeat($1, 0, $2, $2, 0, false)', session, '{}'),
      'roll up': says('select twolane.roll_up(), twolane.roll_up_dead()'),
      'forget what was discarded': says('select twolane.forget_discarded(100)'),
      'a hundred jobs of the patrol': says('select twolane.patrol(0, 100)'),
      'the queues, counted to twenty': says('select * from twolane.queue_status(20)'),
      'the place of a job, counted to twenty': async (tx) => {
        const [id] = await insert(ten({ queue: 'realtime/busy', tenant: 'last' }), tx);
        await tx.query('select twolane.ahead_of($1, 20)', [id]);
      },
      'lags and alarms': says('select * from twolane.dispatch_lag() union all select code, 0 from twolane.alarms(20)'),
      'groups of dead jobs': (tx) => readDeadGroups(tx as Database, {}, {}),
      'the newest jobs': (tx) => listJobs(tx, {}, { limit: 20 }),
      'the newest of a type': (tx) => listJobs(tx, { type: 'limited' }, { limit: 20 }),
      'the newest of a key': (tx) => listJobs(tx, { key: 'one' }, { limit: 20 }),
      'the newest that wait': (tx) => listJobs(tx, { state: 'waiting' }, { limit: 20 }),
      'the newest dead': (tx) => listJobs(tx, { state: 'dead' }, { limit: 20 }),
      'one job': (tx) => readJob(tx, awaited),
    };
  }
});

const dead = {
  kind: 'dead',
  error: { name: 'Error', message: 'It failed' },
  outcome: 'failed',
} as unknown as Outcome;
const newSession = `insert into twolane.sessions (host, pid, role, version, queues)
  values ('test', 1, 'test', '1', '[]') returning id`;
