/**
 * Every qualifier of the search and every list of the operator pages on a ledger of a million jobs (`TWOLANE_SEARCH_JOBS`): each
 * answers within 300 ms nineteen times of twenty, and reads no table from end to end. `npm run test:search`.
 */
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JobFilter, Queryable } from '../../src/contract/index.ts';
import { jobStates } from '../../src/contract/index.ts';
import { readAudit } from '../../src/http/read-audit.ts';
import { type Database, openDatabase } from '../../src/ledger/database.ts';
import { readDeadGroups } from '../../src/ledger/dead-groups.ts';
import { listJobs } from '../../src/ledger/list-jobs.ts';
import { readJob } from '../../src/ledger/read-job.ts';
import { fillLedger } from '../support/large-ledger.ts';
import { long } from '../support/long.ts';
import { dayMs } from '../support/past-days.ts';
import { migratedDatabase } from '../support/stack.ts';

const count = Number(process.env.TWOLANE_SEARCH_JOBS ?? 1_000_000);
const p95Ms = 300;
const times = 20;

let database: Database;
let drop: () => Promise<void>;
const table: Record<string, string | number>[] = [];

beforeAll(async () => {
  const fresh = await migratedDatabase();
  drop = fresh.drop;
  database = openDatabase({ url: fresh.url, size: 2 });
  // The pool gives up sooner than a day of ten million is written.
  const writer = new pg.Client({ connectionString: fresh.url });
  await writer.connect();
  const before = performance.now();
  const query = (text: string, values?: unknown[]) => writer.query(text, values);
  await fillLedger({ query } as Queryable, count).finally(() => writer.end());
  const { rows } = await database.query<{ relname: string; n: number }>(
    `select relname, reltuples::float8 as n from pg_class where relkind = 'r' and relnamespace = 'twolane'::regnamespace`,
  );
  for (const { relname, n } of rows) sizes.set(relname, n);
  console.info(`${count} jobs written in ${Math.round((performance.now() - before) / 1000)} s`);
}, 3_600_000);

afterAll(async () => {
  console.table(table);
  await database?.close();
  await drop?.();
});

const ago = (days: number) => new Date(Date.now() - days * dayMs).toISOString();
const month = { since: ago(31) };

/** Filters that every column of the list offers: with much that fits, with little, with nothing, and together. */
const filters: Readonly<Record<string, JobFilter>> = {
  nothing: {},
  ...Object.fromEntries(jobStates.map((state) => [`state:${state}`, { state }])),
  'name:notify': { type: 'notify' },
  'name:rare': { type: 'rare' },
  'name: of none': { type: 'none' },
  'lane:bulk': { lane: 'bulk' },
  'queue:notifications': { queue: 'notifications' },
  'lane and queue': { lane: 'bulk', queue: 'work-3' },
  'queue:rare': { lane: 'bulk', queue: 'rare' },
  'queue: of none': { queue: 'none' },
  'key:': { key: 'post:300' },
  'key: of none': { key: 'post:1' },
  'tenant:t7': { tenant: 't7' },
  'tenant:tiny': { tenant: 'tiny' },
  'tenant: of none': { tenant: 'none' },
  'owner:': { owner: 'user-77' },
  'payload of many': { payload: { kind: 'photo' } },
  'payload of some': { payload: { width: 40 } },
  'payload of few': { payload: { userId: '4242' } },
  'payload of one': { payload: { mediaId: '777' } },
  'payload of none': { payload: { userId: 'nobody' } },
  'payload of many and one': { payload: { kind: 'photo', mediaId: '777' } },
  'error of many': { error: 'econnrefused' },
  'error of few': { error: 'Disk is full' },
  'error of none': { error: 'Never seen' },
  'code:': { code: 'E7' },
  'code: of none': { code: 'E77' },
  'fingerprint:': { fingerprint: 'f7' },
  'schedule:nightly': { schedule: 'nightly' },
  'since and until, long ago': { since: ago(20), until: ago(19) },
  'name and state': { type: 'notify', state: 'cancelled' },
  'name and state, rare': { type: 'rare', state: 'succeeded' },
  'name and dead': { type: 'work-3', state: 'dead' },
  'name and dead, of none': { type: 'rare', state: 'dead' },
  'name and error': { type: 'notify', error: 'Disk is full' },
  'queue and state': { lane: 'bulk', queue: 'work-3', state: 'running' },
  'queue and dead': { lane: 'bulk', queue: 'work-3', state: 'dead' },
  'queue and succeeded': { lane: 'bulk', queue: 'rare', state: 'succeeded' },
  'tenant and state': { tenant: 't7', state: 'cancelled' },
  'tenant and dead': { tenant: 'tiny', state: 'dead' },
  'tenant and name': { tenant: 't7', type: 'work-3' },
  'name and payload': { type: 'notify', payload: { userId: '4242' } },
  'state and payload': { state: 'succeeded', payload: { userId: '4242' } },
  'dead and payload': { state: 'dead', payload: { kind: 'photo' } },
  'everything at once': {
    lane: 'bulk',
    queue: 'work-3',
    tenant: 't7',
    state: 'succeeded',
    payload: { kind: 'photo' },
    ...month,
  },
};

describe(`among ${count} jobs`, long, () => {
  test.each(Object.entries(filters))('a page of %s', async (name, filter) => {
    const found = await measured(`list: ${name}`, (db) => listJobs(db, filter, { limit: 50 }));
    expect(found.items.length).toBeLessThanOrEqual(50);
    if (found.nextCursor)
      await measured(`next: ${name}`, (db) => listJobs(db, filter, { limit: 50, cursor: found.nextCursor ?? '' }));
  });

  test.each([
    ['queue:rare', { lane: 'bulk', queue: 'rare' }, "queue = 'bulk/rare'"],
    ['tenant:tiny', { tenant: 'tiny' }, "tenant = 'tiny'"],
    ['payload of few', { payload: { userId: '4242' } }, `payload @> '{"userId": "4242"}'`],
    ['schedule:nightly', { schedule: 'nightly' }, "type = 'rare'"],
  ] as const)('page by page all of %s are found, each once', async (_name, filter, condition) => {
    const ids: string[] = [];
    for (let cursor: string | null | undefined; cursor !== null; ) {
      const page = await listJobs(database, filter, { limit: 10, ...(cursor && { cursor }) });
      ids.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
    }
    const { rows } = await database.query<{ id: string }>(
      `select id::text from twolane.jobs where ${condition} order by id desc`,
    );
    expect(rows.length).toBeGreaterThan(0);
    expect(ids).toEqual(rows.map(({ id }) => id));
  });

  test('the facets beside the list', async () => {
    for (const [name, filter] of Object.entries(filters).filter(([name]) => name.includes(':')))
      await measured(`facets: ${name}`, (db) => listJobs(db, filter, { limit: 500 }));
  });

  test('the other pages', async () => {
    const { items } = await listJobs(database, { type: 'notify', state: 'succeeded' }, {});
    await measured('one job', (db) => readJob(db, items[0]?.id ?? ''));
    await measured('dead letters', (db) => readDeadGroups(db as Database, {}, {}));
    await measured('dead letters of a type', (db) => readDeadGroups(db as Database, { type: 'work-3' }, {}));
    for (const filter of [
      {},
      { actor: 'operator-3' },
      { action: 'pause' },
      { target: '777' },
      { outcome: 'refused' },
      { since: ago(1) },
    ])
      await measured(`audit: ${Object.keys(filter)[0] ?? 'all'}`, (db) => readAudit(db, filter, {}));
  });
});

/** Notes how long the work takes, and fails where that is too long or a large table is read as a whole. */
async function measured<T>(name: string, work: (db: Queryable) => Promise<T>): Promise<T> {
  const took: number[] = [];
  for (let n = 0; n < times; n += 1) {
    const before = performance.now();
    await work(database);
    took.push(performance.now() - before);
  }
  took.sort((a, b) => a - b);
  const [median = 0, p95 = 0] = [took[times / 2], took[Math.ceil(times * 0.95) - 1]];
  const { scans, pages, result } = await explained(work);
  table.push({ name, 'p50 ms': Math.round(median), 'p95 ms': Math.round(p95), pages, whole: scans.join(' ') });
  expect.soft([name, 'reads as a whole', scans]).toEqual([name, 'reads as a whole', []]);
  expect.soft(p95, name).toBeLessThan(p95Ms);
  return result;
}

interface Plan {
  'Node Type': string;
  'Relation Name'?: string;
  'Shared Hit Blocks': number;
  'Shared Read Blocks': number;
  'Actual Loops': number;
  'Actual Rows': number;
  'Rows Removed by Filter'?: number;
  Plans?: Plan[];
}

/** A table with next to nothing is read as a whole rightly. */
const many = 1_000;

/** Tables that grow with the jobs. */
const large = /^(jobs|done|live|dead|attempts|audit)(_\d+)?$/;

/** Rows of a table. A scan that its `limit` stops early reads what it needs. */
const sizes = new Map<string, number>();

/** What the statements of some work read: large tables from end to end, and pages of 8 KiB. */
async function explained<T>(work: (db: Queryable) => Promise<T>) {
  const scans = new Set<string>();
  let pages = 0;
  const look = (plan: Plan) => {
    const relation = plan['Relation Name'] ?? '';
    const looked = plan['Actual Loops'] * (plan['Actual Rows'] + (plan['Rows Removed by Filter'] ?? 0));
    const whole = looked > Math.max(many, 0.9 * (sizes.get(relation) ?? 0));
    if (plan['Node Type'] === 'Seq Scan' && whole && large.test(relation)) scans.add(relation);
    plan.Plans?.forEach(look);
  };
  const query = async (text: string, values?: unknown[]) => {
    if (!/^\s*(select|with)/.test(text) || text.includes('roll_up')) return database.query(text, values);
    const { rows } = await database.query<{ 'QUERY PLAN': [{ Plan: Plan }] }>(
      `explain (analyze, buffers, timing off, format json) ${text}`,
      values,
    );
    const plan = rows[0]?.['QUERY PLAN'][0].Plan;
    if (plan) look(plan);
    pages += (plan?.['Shared Hit Blocks'] ?? 0) + (plan?.['Shared Read Blocks'] ?? 0);
    return database.query(text, values);
  };
  const result = await work({ query } as Queryable);
  return { scans: [...scans], pages, result };
}
