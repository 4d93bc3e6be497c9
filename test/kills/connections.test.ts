/** PostgreSQL drops connections of living processes, one or all of them: nobody is taken for dead, and no job is taken from its worker. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FaultProxy } from '../support/fault-proxy.ts';
import { FaultRig, nothingLost } from '../support/fault-rig.ts';
import { long } from '../support/long.ts';
import { privateStack, until } from '../support/stack.ts';

/** Between two cuts: long enough for two looks of a scheduler. */
const calmMs = 1_000;

/** Three jobs that last are started once, whatever happens to connections meanwhile. */
async function keepsItsJobs(
  rig: FaultRig,
  rounds: number,
  cut: () => Promise<number>,
  environment = {},
): Promise<void> {
  await rig.worker(10, environment);
  const held = await rig.enqueue('realtime', 3, { takesMs: rounds * (calmMs + 800), name: 'long' });
  await until('they run', () => rig.starts().length === 3);
  let ended = 0;
  for (let n = 0; n < rounds; n += 1) {
    ended += await cut();
    await new Promise((resolve) => setTimeout(resolve, calmMs));
  }
  expect(ended).toBeGreaterThanOrEqual(rounds);
  await rig.enqueue('bulk', 20);
  await rig.quiet();
  expect(rig.starts().filter(({ id }) => held.includes(id))).toHaveLength(3);
  expect(await rig.verdict()).toMatchObject({ ...nothingLost, accepted: 23, redelivered: 0 });
}

describe('A worker', { ...long, timeout: 60_000 }, () => {
  let rig: FaultRig;
  beforeEach(async () => {
    rig = await FaultRig.start();
  });
  afterEach(() => rig.stop());

  /** Ends backends of this installation; answers how many. */
  async function end(which: string): Promise<number> {
    const { rows } = await rig.app.twolane.database.query<{ n: number }>(
      `select count(pg_terminate_backend(a.pid))::int as n from pg_stat_activity a
       where a.datname = current_database() and a.pid <> pg_backend_pid() and ${which}`,
    );
    return rows[0]?.n ?? 0;
  }

  test('whose session connection breaks again and again keeps its jobs', () =>
    keepsItsJobs(rig, 2, () =>
      end(`exists (select from pg_locks l where l.pid = a.pid and l.classid = 'twolane.sessions'::regclass::oid)`),
    ));

  test('keeps its jobs when every connection of all processes is ended', async () => {
    const { DATABASE_URL } = rig.app.environment as { DATABASE_URL: string };
    const network = await FaultProxy.before(DATABASE_URL);
    // It needs longer to connect again than others need for two looks.
    network.delay(75);
    await keepsItsJobs(rig, 1, () => end('true'), { DATABASE_URL: network.through(DATABASE_URL) });
    await network.stop();
  });
});

test('A worker is not taken for dead while transactions of its handlers use all connections of its pool', async () => {
  const settings = { TWOLANE_LEASE_MS: '5000', TWOLANE_DATABASE_POOL: '2' };
  const rig = await FaultRig.start({ settings });
  try {
    await rig.worker();
    await rig.enqueue('realtime', 2, { settlesMs: 5_500 });
    await rig.quiet();
    expect(await rig.verdict()).toMatchObject({ ...nothingLost, accepted: 2, redelivered: 0 });
  } finally {
    await rig.stop();
  }
});

test('A backend that is killed takes all others along, and no job with it', { ...long, timeout: 120_000 }, async () => {
  const stack = await privateStack();
  const rig = await FaultRig.start({ urls: stack.urls });
  try {
    await keepsItsJobs(rig, 2, async () => {
      // Claims do not wait for the disk, and one that is not there yet is made again after a crash; a commit takes them along.
      await rig.app.twolane.database.query("select pg_logical_emit_message(true, 'test', '')");
      const { rows } = await rig.app.twolane.database.query<{ pid: number }>('select pg_backend_pid() as pid');
      const pid = rows[0]?.pid as number;
      process.kill(pid, 'SIGKILL');
      const later = () => rig.app.twolane.database.query('select from pg_stat_activity where pid = $1', [pid]);
      await until('PostgreSQL has recovered', async () => (await later().catch(() => undefined))?.rowCount === 0);
      return 1;
    });
  } finally {
    await rig.stop();
    await stack.remove();
  }
});
