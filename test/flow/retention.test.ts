/** Retention on the real ledger: whole days go, for their age, for the number of jobs or for bytes, and what belongs to them with them. */
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { silentLogger } from '../../src/contract/index.ts';
import { diskStore } from '../../src/files/disk-store.ts';
import { sweepLooseFiles } from '../../src/ledger/loose-files.ts';
import { maintain, type Retention } from '../../src/ledger/retention.ts';
import { type LaneApp, laneCases, startLaneApp } from '../support/lanes.ts';
import { addPastDay, idAt as idOf, dayName as name, pastDays } from '../support/past-days.ts';

const perDay = 300;

describe('Retention', () => {
  let app: LaneApp;
  beforeEach(async () => {
    app = await startLaneApp(laneCases[0], { worker: false, scheduler: false });
    for (const age of [4, 3, 2, 1]) await addPastDay(app.twolane.database, age, perDay, 'realtime/work');
  });
  afterEach(() => app.stop());
  const query = (text: string, values?: unknown[]) => app.twolane.database.query(text, values);
  const keep = (retention: Retention) => maintain(app.twolane.database, retention, silentLogger);

  const idAt = (day: string) => idOf(app.twolane.database, day);
  const days = () => pastDays(app.twolane.database);

  const dropped = async (reason: string) =>
    (await app.twolane.operations.history()).dropped.find((one) => one.reason === reason);

  test('days past their age go, all four tables of them and the audit of its age, and the metrics tell', async () => {
    await query(
      `insert into twolane.audit (at, actor, action, target)
       select now() - n * interval '1 day', 'ana', 'retry', n::text from unnest(array[40, 31, 29, 1]) n`,
    );
    await keep({ days: 2, auditDays: 30 });
    expect((await query('select target from twolane.audit order by id')).rows).toEqual([
      { target: '29' },
      { target: '1' },
    ]);
    expect(await days()).toEqual([name(2), name(1)]);
    for (const [table, key] of [
      ['jobs', 'id'],
      ['done', 'id'],
      ['attempts', 'job_id'],
      ['logs', 'job_id'],
    ])
      expect((await query(`select count(*)::int as n from twolane.${table} where ${key} > 0`)).rows).toEqual([
        { n: 2 * perDay },
      ]);
    expect(await dropped('age')).toMatchObject({ days: 2, jobs: 2 * perDay });
    const history = await app.twolane.operations.history();
    expect(history).toMatchObject({ oldestDay: name(2), jobs: 2 * perDay });
    expect(history.bytes).toBeGreaterThan(50_000);
  });

  test('the oldest days go until the jobs fit', async () => {
    await keep({ days: 100, jobs: 3 * perDay });
    expect(await days()).toEqual([name(3), name(2), name(1)]);
    await keep({ days: 100, jobs: perDay - 1 });
    expect(await days()).toEqual([]);
    expect(await dropped('count')).toMatchObject({ days: 4, jobs: 4 * perDay });
  });

  test('the oldest days go until the bytes fit', async () => {
    const { bytes } = await app.twolane.operations.history();
    await keep({ days: 100, bytes: bytes - 1_000 });
    expect(await days()).toEqual([name(3), name(2), name(1)]);
    expect(await dropped('bytes')).toMatchObject({ days: 1 });
  });

  test('a day with a live job stays, or with a dead one that may come back, and younger days go in its place', async () => {
    const oldest = BigInt(await idAt(name(4)));
    await query('delete from twolane.done where id = $1', [String(oldest + 7n)]);
    await query(
      `insert into twolane.dead (id, type, queue, attempt, fence, reason, fingerprint, awaited, error)
       values ($1, 'work', 'realtime/work', 1, 1, 'failed', 'f', false, '{}')`,
      [String(oldest + 7n)],
    );
    await query(
      `insert into twolane.live (id, queue, prio, tenant, type, version, state, waiting, max_attempts, timeout_ms)
       values ($1, 'realtime/work', 2, '', 'work', 1, 'waiting', true, 1, 1)`,
      [String(BigInt(await idAt(name(3))) + 7n)],
    );
    await keep({ days: 100, jobs: 3 * perDay });
    expect(await days()).toEqual([name(4), name(3), name(1)]);
    await keep({ days: 1 });
    expect(await days()).toEqual([name(4), name(3), name(1)]);
    await app.twolane.operations.discard(String(oldest + 7n));
    await keep({ days: 1 });
    expect(await days()).toContain(name(4));
    await query('delete from twolane.discarded');
    await keep({ days: 1 });
    expect(await days()).toEqual([name(3), name(1)]);
  });

  test('a day that somebody reads is left for the next time, and nobody waits long for it', async () => {
    await app.twolane.database.transaction(async (tx) => {
      await tx.query(`select from twolane.jobs_${name(4).replaceAll('-', '')} limit 1`);
      await keep({ days: 3 });
      expect(await days()).toHaveLength(4);
    });
    await keep({ days: 3 });
    expect(await days()).toEqual([name(3), name(2), name(1)]);
  });

  test('files of payloads and results leave with their day', async () => {
    const files = diskStore({ folder: app.config.TWOLANE_FILES_DIR });
    const key = 'payloads/old/7.json';
    await files.write(key, Readable.from([Buffer.from('{}')]), { maxBytes: 10 });
    await query('update twolane.jobs set payload = null, payload_file = $2 where id = $1', [
      String(BigInt(await idAt(name(4))) + 7n),
      JSON.stringify({ key, bytes: 2, sha256: '' }),
    ]);
    const resultKey = 'payloads/old/8.json';
    await files.write(resultKey, Readable.from([Buffer.from('[]')]), { maxBytes: 10 });
    await query('update twolane.done set result_file = $2 where id = $1', [
      String(BigInt(await idAt(name(4))) + 8n),
      JSON.stringify({ key: resultKey, bytes: 2, sha256: '' }),
    ]);
    await sweepLooseFiles(app.twolane.database, files);
    for (const kept of [key, resultKey]) expect(await files.open(kept)).toBeDefined();
    await keep({ days: 3 });
    await sweepLooseFiles(app.twolane.database, files);
    for (const gone of [key, resultKey]) expect(await files.open(gone)).toBeUndefined();
  });

  test('what has no days is forgotten in time: keys, statistics, progress', async () => {
    await query(`insert into twolane.job_keys (kind, type, tenant, key, id, expires_at)
      select 'once', 'work', '', n::text, n, now() + (n - 12000) * interval '1 hour' from generate_series(1, 12001) n`);
    await query(`insert into twolane.queue_stats select 'q', now() - n * interval '1 hour', 0, 0, 0, 0, 0, 0
      from generate_series(0, 60) n`);
    await query(
      `insert into twolane.progress (job_id, percent, at) values (1, 5, now() - interval '2 hours'), (2, 5, now())`,
    );
    await keep({ days: 100 });
    const count = async (table: string) => (await query(`select count(*)::int as n from twolane.${table}`)).rows[0].n;
    expect([await count('job_keys'), await count('progress')]).toEqual([1, 1]);
    expect(await count(`queue_stats where queue = 'q'`)).toBe(48);
  });

  test('a claim looks at the days of its jobs only', async () => {
    const [job] = await app.twolane.enqueueMany([{ job: app.jobs.work, payload: { name: 'now' } }]);
    const scans = async () =>
      (
        await query(`select coalesce(sum(idx_scan), 0)::int as n from pg_stat_user_indexes
        where relname = 'jobs_${name(2).replaceAll('-', '')}'`)
      ).rows[0].n;
    await query(
      `insert into twolane.sessions (id, host, pid, role, version, queues) values (1, 'h', 1, 'w', '1', '[]')`,
    );
    const before = await scans();
    const claimed = await query('select id from twolane.claim(1, $1, false)', [`{${job?.id}}`]);
    expect(claimed.rows).toEqual([{ id: job?.id }]);
    await query('select pg_stat_force_next_flush()');
    expect(await scans()).toBe(before);
  });
});
