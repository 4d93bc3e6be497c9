/**
 * As many bulk jobs wait as TWOLANE_FAULT_BACKLOG says (100,000): the real-time lane does not feel it, everything may be
 * restarted, they can be cancelled while they are queued, and each of them ends in one way only.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FaultRig } from '../support/fault-rig.ts';
import { long } from '../support/long.ts';
import { privateStack, until } from '../support/stack.ts';

const many = Number(process.env.TWOLANE_FAULT_BACKLOG ?? 100_000);
const hour = 3_600_000;

describe(`A backlog of ${many} jobs`, { ...long, timeout: hour }, () => {
  let stack: Awaited<ReturnType<typeof privateStack>>;
  let rig: FaultRig;
  let idleMs: number;
  beforeAll(async () => {
    stack = await privateStack();
    rig = await FaultRig.start({ urls: stack.urls, scheduler: false });
    await rig.scheduler();
  }, 120_000);
  afterAll(async () => {
    await rig.stop();
    await stack.remove();
  }, 120_000);

  const count = async (sql: string) => Number((await rig.app.twolane.database.query<{ n: string }>(sql)).rows[0]?.n);

  /** The 99th percentile of the time from enqueue to start of real-time jobs, milliseconds. */
  async function realtimeMs(name: string): Promise<number> {
    const sent = new Map<string, number>();
    for (let n = 0; n < 200; n += 1) {
      const at = Date.now();
      const [id = ''] = await rig.enqueue('realtime', 1, { name });
      sent.set(id, at);
    }
    const started = () => rig.starts().filter((start) => sent.has(start.id));
    await until('all have run', () => started().length === sent.size, { timeoutMs: 60_000 });
    const waits = started().map(({ id, at }) => at - (sent.get(id) ?? 0));
    return waits.toSorted((a, b) => a - b)[Math.floor(waits.length * 0.99)] as number;
  }

  test('is taken in, and real-time jobs start as fast as without it', async () => {
    const worker = await rig.worker(10);
    await rig.enqueue('realtime', 50, { name: 'warm' });
    idleMs = await realtimeMs('idle');
    // Slow ones hold the bulk slots of the only worker, so that the others wait.
    await rig.enqueue('bulk', 10, { takesMs: hour, name: 'slow' });
    for (let done = 0; done < many; done += 10_000) await rig.enqueue('bulk', Math.min(10_000, many - done));
    expect(await count('select count(*) as n from twolane.live')).toBeGreaterThanOrEqual(many);
    const besideMs = await realtimeMs('beside');
    console.log(`Real-time p99: ${idleMs} ms without it, ${besideMs} ms beside it`);
    expect(besideMs).toBeLessThan(2 * idleMs + 50);
    worker.kill('SIGKILL');
  });

  test('survives the restart of everything, and work resumes within 60 s', async () => {
    const pids = stack.servers.map(({ pid }) => pid);
    await Promise.all(stack.servers.map((server) => server.restart()));
    expect(stack.servers.map(({ pid }) => pid).filter((pid) => pids.includes(pid))).toEqual([]);
    const backAt = Date.now();
    const before = rig.starts().length;
    await rig.worker(50);
    await until('work flows', () => rig.starts().length > before + 1_000, { timeoutMs: 60_000 });
    console.log(`Work flowed ${Date.now() - backAt} ms after the restart`);
  });

  test('is cancelled while it is queued: each job has run or is cancelled, none both', async () => {
    const { massOperations } = rig.app.twolane;
    const before = Date.now();
    const { id } = await massOperations.start({ action: 'cancel', filter: { type: 'fault-bulk' } }, 'test');
    await until('it is over', async () => (await massOperations.get(id))?.status === 'done', { timeoutMs: hour });
    await rig.quiet(hour);
    console.log(`Cancelled within ${Date.now() - before} ms`);
    const succeeded = await count(
      `select count(*) as n from twolane.done where type = 'fault-bulk' and state = 'succeeded'`,
    );
    const cancelled = await count(
      `select count(*) as n from twolane.done where type = 'fault-bulk' and state = 'cancelled'`,
    );
    expect(cancelled).toBeGreaterThan(0);
    expect(succeeded + cancelled).toBe(many + 10);
    expect(
      await count(
        `select count(*) as n from fault_effects e join twolane.done d on d.id = e.job where d.state = 'cancelled'`,
      ),
    ).toBe(0);
    expect(await rig.verdict()).toMatchObject({ doubled: 0, phantom: 0, unaccounted: 0 });
  });
});
