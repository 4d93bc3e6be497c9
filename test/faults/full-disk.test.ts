/**
 * The disk of one server is full to the last byte, then that of the files, under load. Whoever is refused is told so, what is
 * accepted is kept, and work goes on by itself once there is room. A server that the full disk has ended is started again.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, type TestContext, test } from 'vitest';
import { type ServerName, type Stack, startStack } from '../../scripts/stack/index.ts';
import { rabbitmqctl } from '../chaos/injuries/brokers.ts';
import { apiKey } from '../support/app.ts';
import { FaultRig, nothingLost } from '../support/fault-rig.ts';
import { caller } from '../support/http.ts';
import { long } from '../support/long.ts';
import { mountingForbidden, SmallDisk } from '../support/small-disk.ts';
import { until } from '../support/stack.ts';

const sizes = { postgres: 192, redis: 48, rabbitmq: 192, files: 16 } as const;
const lanes = ['realtime', 'bulk'] as const;
const fullMs = 4_000;

describe('While a disk is full', { ...long, timeout: 240_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'twolane-full-'));
  const disks = new Map<string, SmallDisk>();
  let stack: Stack | undefined;
  let rig: FaultRig;

  beforeAll(async () => {
    for (const [name, mib] of Object.entries(sizes)) {
      const disk = SmallDisk.mount(join(folder, name), mib);
      if (disk) disks.set(name, disk);
    }
    if (disks.size < Object.keys(sizes).length) return;
    stack = await startStack({ folder, sync: false, environment: {} });
    await setDiskLimit(stack);
  }, 120_000);
  afterAll(async () => {
    await stack?.stop();
    for (const disk of disks.values()) disk.remove();
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);
  afterEach(() => rig?.stop());

  /** Without one the whole disk would be too small for RabbitMQ's own alarm. */
  const setDiskLimit = (of: Stack) => rabbitmqctl(of.server('rabbitmq').pid as number, 'set_disk_free_limit', '20MB');

  async function startRig({ skip }: TestContext): Promise<{ servers: Stack; disk(name: string): SmallDisk }> {
    if (!stack) skip(mountingForbidden);
    const servers = stack as Stack;
    const settings = { TWOLANE_FILES_DIR: join(folder, 'files/store') };
    rig = await FaultRig.start({ urls: servers.urls, http: true, settings });
    await rig.worker();
    return { servers, disk: (name) => disks.get(name) as SmallDisk };
  }

  const post = (lane: string) =>
    caller(rig.app.url)('POST', '/v1/jobs', {
      token: apiKey,
      body: { type: `fault-${lane}`, payload: { name: 'posted' } },
    });

  /** Fills the disk under load; answers how many requests were refused. */
  async function fills(context: TestContext, name: ServerName, whileFull: () => Promise<void>): Promise<number> {
    const { servers, disk } = await startRig(context);
    const loads = lanes.map((lane) => rig.load(lane, 40));
    await until('work flows', () => rig.starts().length > 100);
    disk(name).fill();
    expect(disk(name).freeBytes).toBe(0);
    await whileFull();
    await new Promise((resolve) => setTimeout(resolve, fullMs));
    disk(name).empty();
    const server = servers.server(name);
    const died = server.pid === undefined;
    await server.start();
    const roomAt = Date.now();
    const before = rig.starts().length;
    await until('work flows again', () => rig.starts().length > before + 50, { timeoutMs: 60_000 });
    console.log(`${name} ${died ? 'had ended, and' : ''} works again ${Date.now() - roomAt} ms after there was room`);
    const refused = (await Promise.all(loads.map((load) => load.stop()))).reduce((sum, load) => sum + load.refused, 0);
    for (const lane of lanes) await rig.enqueue(lane, 20, { name: 'after' });
    await rig.quiet(90_000);
    return refused;
  }

  test('of PostgreSQL, requests are refused, and none that was accepted is lost', async (context) => {
    const refused = await fills(context, 'postgres', async () => {
      await until('a job of many bytes is refused', async () => {
        const { status, json, headers } = await post('bulk');
        if (status === 202) rig.accepted.add(json.id);
        else expect([status, Number(headers.get('retry-after')) > 0]).toEqual([status === 507 ? 507 : 503, true]);
        return status !== 202;
      });
    });
    expect(refused).toBeGreaterThan(0);
    const { phantom, ...verdict } = await rig.verdict();
    expect(verdict).toMatchObject({ lost: 0, doubled: 0, wrongFiles: 0, unaccounted: 0 });
    // A commit whose answer was cut off is not known to whoever asked for it.
    expect(phantom).toBeLessThanOrEqual(refused);
  });

  test('of Redis, all is accepted and nothing is lost', async (context) => {
    const refused = await fills(context, 'redis', async () => {
      await until('Redis writes no more', async () => (await asked('redis', 'bulk')) !== 'up', { timeoutMs: 30_000 });
      expect((await post('bulk')).status).toBe(202);
    });
    expect(refused).toBe(0);
    expect(await rig.verdict()).toMatchObject({ ...nothingLost, phantom: 1 });
  });

  test('of RabbitMQ, all is accepted and nothing is lost', async (context) => {
    const refused = await fills(context, 'rabbitmq', async () => {
      await until('RabbitMQ takes no more', async () => (await asked('rabbitmq', 'realtime')) !== 'up', {
        timeoutMs: 30_000,
      });
      expect((await post('realtime')).status).toBe(202);
    });
    expect(refused).toBe(0);
    expect(await rig.verdict()).toMatchObject({ ...nothingLost, phantom: 1 });
  });

  /** Whether a broker still takes messages: its jobs go on to start, or they do not. */
  async function asked(_name: ServerName, lane: (typeof lanes)[number]): Promise<'up' | 'stuck'> {
    const [id = ''] = await rig.enqueue(lane, 1, { name: 'asked' });
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    return rig.starts().some((start) => start.id === id) ? 'up' : 'stuck';
  }

  test('of the files, jobs with files try again, and nothing is half there', async (context) => {
    const { disk } = await startRig(context);
    disk('files').fill();
    for (const lane of lanes) await rig.enqueue(lane, 10, { files: true, name: 'files' });
    await until('all have failed for want of room', async () => {
      const { rows } = await rig.app.twolane.database.query<{ n: number }>(
        `select count(distinct job_id)::int as n from twolane.attempts where outcome = 'failed' and error ->> 'code' in ('ENOSPC', 'disk_full')`,
      );
      return rows[0]?.n === 20;
    });
    disk('files').empty();
    await rig.quiet();
    // Those that had no attempt left, on a machine that was busy meanwhile, are an operator's to send again.
    const { rows } = await rig.app.twolane.database.query<{ id: string }>('select id from twolane.dead');
    for (const { id } of rows) await rig.app.twolane.operations.retry(id);
    await rig.quiet();
    expect(await rig.verdict()).toMatchObject({ ...nothingLost, accepted: 20 });
  });
});
