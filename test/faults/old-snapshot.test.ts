/**
 * A transaction looks at an old moment for TWOLANE_FAULT_PINNED_S seconds (60), so that no dead row of the hot tables can be
 * cleaned up meanwhile: work goes on at the same pace, since nothing on the hot path walks over what is dead.
 */
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FaultRig, nothingLost } from '../support/fault-rig.ts';
import { long } from '../support/long.ts';

const pinnedMs = Number(process.env.TWOLANE_FAULT_PINNED_S ?? 60) * 1_000;
const windowMs = 15_000;
const perS = 200;
const lanes = ['realtime', 'bulk'] as const;

interface Pace {
  jobs: number;
  p50: number;
  p99: number;
}

describe('While a transaction keeps every dead row', { ...long, timeout: 2 * pinnedMs + 180_000 }, () => {
  let rig: FaultRig;
  beforeAll(async () => {
    rig = await FaultRig.start({ scheduler: false });
    await Promise.all([rig.scheduler(), rig.worker(50)]);
  }, 60_000);
  afterAll(() => rig.stop());

  /** Of the jobs that came to their end within the last `windowMs`: how many, and how long they had waited, milliseconds. */
  async function pace(): Promise<Pace> {
    const { rows } = await rig.app.twolane.database.query<Pace>(
      `select count(*)::int as jobs, percentile_cont(0.5) within group (order by waited) as p50,
         percentile_cont(0.99) within group (order by waited) as p99
       from (select extract(epoch from d.started_at - j.run_at)::float8 * 1000 as waited
         from twolane.done d join twolane.jobs j using (id) where d.finished_at > now() - $1 * interval '1 ms') ended`,
      [windowMs],
    );
    return rows[0] as Pace;
  }

  test('jobs start as fast as before', async () => {
    const loads = lanes.map((lane) => rig.load(lane, perS));
    await new Promise((resolve) => setTimeout(resolve, windowMs + 5_000));
    const before = await pace();
    const holder = new pg.Client({ connectionString: rig.app.environment.DATABASE_URL as string });
    await holder.connect();
    await holder.query('begin isolation level repeatable read');
    await holder.query('select count(*) from twolane.live');
    await new Promise((resolve) => setTimeout(resolve, pinnedMs));
    const during = await pace();
    const { rows } = await holder.query<{ dead: number }>(
      `select n_dead_tup::int as dead from pg_stat_user_tables where relid = 'twolane.live'::regclass`,
    );
    await holder.query('rollback');
    await holder.end();
    const refused = (await Promise.all(loads.map((load) => load.stop()))).reduce((sum, load) => sum + load.refused, 0);
    await rig.quiet();
    console.log(`Before: ${text(before)}; with ${rows[0]?.dead} dead rows: ${text(during)}`);
    expect(rows[0]?.dead).toBeGreaterThan((pinnedMs / 1_000) * perS);
    expect(during.jobs).toBeGreaterThan(before.jobs * 0.9);
    expect(during.p99).toBeLessThan(2 * before.p99 + 50);
    expect(refused).toBe(0);
    expect(await rig.verdict()).toMatchObject({ ...nothingLost, redelivered: 0 });
  });

  const text = ({ jobs, p50, p99 }: Pace) => `${jobs} jobs, p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`;
});
