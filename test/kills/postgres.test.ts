/** PostgreSQL is restarted and killed under load: requests are refused clearly, no running job is stolen, nothing is lost or doubled. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { apiKey } from '../support/app.ts';
import { FaultRig, nothingLost } from '../support/fault-rig.ts';
import { caller } from '../support/http.ts';
import { long } from '../support/long.ts';
import { privateStack, until } from '../support/stack.ts';

let stack: Awaited<ReturnType<typeof privateStack>>;
beforeAll(async () => {
  stack = await privateStack();
}, 120_000);
afterAll(() => stack.remove());

describe('PostgreSQL', { timeout: 180_000 }, () => {
  let rig: FaultRig;
  beforeEach(async () => {
    rig = await FaultRig.start({ urls: stack.urls, http: true });
  });
  afterEach(() => rig.stop());

  test('is killed and started under load: no live job is stolen, nothing is lost or doubled', () =>
    isStopped('SIGKILL'));

  test('is restarted under load: no live job is stolen, nothing is lost or doubled', long, () => isStopped('SIGINT'));

  test('is away when processes start: they wait for it, and work', long, async () => {
    const server = stack.server('postgres');
    await server.stop('SIGINT');
    const starting = [rig.worker(10), rig.scheduler()];
    // Long enough for a process to load, to ask, and to end of it.
    await new Promise((resolve) => setTimeout(resolve, 6_000));
    await server.start();
    const processes = await Promise.all(starting);
    await rig.enqueue('realtime', 5);
    await rig.quiet();
    expect(await rig.verdict()).toMatchObject({ ...nothingLost, accepted: 5 });
    for (const one of processes) expect(one).toMatchObject({ exitCode: null, signalCode: null });
  });

  async function isStopped(signal: NodeJS.Signals): Promise<void> {
    await rig.worker(10);
    const lasting = await rig.enqueue('realtime', 3, { takesMs: 6_000, name: 'long' });
    const loads = (['realtime', 'bulk'] as const).map((lane) => rig.load(lane, 60));
    await until('work flows and the lasting ones run', () => {
      const ids = new Set(rig.starts().map((start) => start.id));
      return ids.size > 100 && lasting.every((id) => ids.has(id));
    });
    const server = stack.server('postgres');
    const pid = server.pid;
    await server.stop(signal);
    const answer = await caller(rig.app.url)('POST', '/v1/jobs', {
      token: apiKey,
      body: { type: 'fault-realtime', payload: { name: 'refused' } },
    });
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toBeTruthy();
    await server.start();
    expect(server.pid).not.toBe(pid);
    const stuckAt = rig.starts().length;
    await until('work flows again', () => rig.starts().length > stuckAt + 50, { timeoutMs: 30_000 });
    const refused = (await Promise.all(loads.map((load) => load.stop()))).reduce((sum, load) => sum + load.refused, 0);
    expect(refused).toBeGreaterThan(0);
    await rig.quiet();
    const verdict = await rig.verdict();
    expect(verdict).toMatchObject({ lost: 0, doubled: 0, unaccounted: 0 });
    // A request whose answer was cut off may have been accepted without the client knowing.
    expect(verdict.phantom).toBeLessThanOrEqual(refused);
    const startsOfLong = rig.starts().filter((start) => lasting.includes(start.id));
    expect(startsOfLong).toHaveLength(3);
  }
});
