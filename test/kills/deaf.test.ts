/**
 * The network forgets a single connection, and tells nobody: the one that a process listens on and that holds its lock. What it
 * would have heard it asks for in time, and it listens on another one before PostgreSQL gives up the old one and its lock.
 */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FaultProxy } from '../support/fault-proxy.ts';
import { FaultRig, nothingLost } from '../support/fault-rig.ts';
import { long } from '../support/long.ts';
import { until } from '../support/stack.ts';

const renewed = { timeoutMs: 20_000 };

describe('A connection that hears nothing any more', { ...long, timeout: 90_000 }, () => {
  let rig: FaultRig;
  let network: FaultProxy;
  let environment: { DATABASE_URL: string };
  beforeEach(async () => {
    rig = await FaultRig.start({ scheduler: false });
    const { DATABASE_URL } = rig.app.environment as { DATABASE_URL: string };
    network = await FaultProxy.before(DATABASE_URL);
    environment = { DATABASE_URL: network.through(DATABASE_URL) };
  });
  afterEach(async () => {
    await rig.stop();
    await network.stop();
  });

  /** The backends that have locks of this kind. */
  async function holders(table: 'sessions' | 'queues'): Promise<number[]> {
    const { rows } = await rig.app.twolane.database.query<{ pid: number }>(
      `select distinct pid from pg_locks where locktype = 'advisory' and granted and classid = $1::regclass::oid
       and database = (select oid from pg_database where datname = current_database())`,
      [`twolane.${table}`],
    );
    return rows.map(({ pid }) => pid);
  }

  /** Who has the locks now is another connection than before. */
  async function isRenewed(table: 'sessions' | 'queues', before: readonly number[]): Promise<void> {
    await until(
      'another connection has the locks',
      async () => {
        const now = await holders(table);
        return now.length > 0 && !now.some((pid) => before.includes(pid));
      },
      renewed,
    );
  }

  test('of a worker: it is told of a cancel within 3 s, and keeps its session and its jobs', async () => {
    await rig.scheduler();
    await rig.worker(10, environment);
    const [unwanted = ''] = await rig.enqueue('realtime', 1, { name: 'unwanted', takesMs: 60_000, heeds: true });
    const lasting = await rig.enqueue('bulk', 3, { name: 'lasting', takesMs: 12_000 });
    await until('they run', () => rig.starts().length === 4);
    const before = await holders('sessions');
    expect(network.deafen()).toBe(1);
    const cancelledAt = Date.now();
    await rig.app.twolane.operations.cancel(unwanted);
    const isOver = async () => (await rig.app.twolane.operations.get(unwanted))?.state === 'cancelled';
    await until('it has stopped', isOver);
    const tookMs = Date.now() - cancelledAt;
    expect(tookMs).toBeLessThan(3_000);
    expect(network.lost).toBeGreaterThan(0);
    await isRenewed('sessions', before);
    console.log(`Cancelled after ${tookMs} ms, heard again after ${Date.now() - cancelledAt} ms`);
    await rig.quiet();
    rig.accepted.delete(unwanted);
    expect(rig.starts().filter(({ id }) => lasting.includes(id))).toHaveLength(3);
    expect(await rig.verdict()).toMatchObject({ ...nothingLost, accepted: 3, redelivered: 0 });
  });

  test('of a dispatcher: lines begin within 300 ms, and it keeps its queues or takes them again', async () => {
    await rig.scheduler(environment);
    await rig.worker(10);
    await rig.enqueue('realtime', 1, { kind: 'limited', name: 'warm 0' });
    await rig.quiet();
    const before = await holders('queues');
    expect(network.deafen()).toBe(1);
    const deafAt = Date.now();
    const waits: number[] = [];
    for (let n = 0; n < 20; n += 1) {
      const at = Date.now();
      const [id] = await rig.enqueue('realtime', 1, { kind: 'limited', name: `deaf ${n}` });
      const start = await until('it runs', () => rig.starts().find((one) => one.id === id));
      waits.push(start.at - at);
    }
    const [median = 0, longest = 0] = [waits.toSorted((a, b) => a - b)[10], Math.max(...waits)];
    await isRenewed('queues', before);
    console.log(`Lines began after ${median} ms, ${longest} ms at most; heard again after ${Date.now() - deafAt} ms`);
    expect(median).toBeLessThan(300);
    expect(network.lost).toBeGreaterThan(0);
    for (const lane of ['realtime', 'bulk'] as const) await rig.enqueue(lane, 20, { delayMs: 100, name: 'after' });
    await rig.quiet();
    expect(await rig.verdict()).toMatchObject({ ...nothingLost, accepted: 61, redelivered: 0 });
  });
});
