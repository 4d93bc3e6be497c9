/**
 * The claim of the two lanes: how long a direct message waits while a post goes to 1,000,000 followers and videos wait to be encoded,
 * against the same work on one BullMQ queue with priorities.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { atRate } from '../at-rate.ts';
import { nowMs } from '../jobs.ts';
import { type Measured, percentiles, type Scenario, waitKeys } from '../measured.ts';
import { pause, serverUrl } from '../queues/system.ts';
import { type Mixed, oneQueue, twoLanes } from './systems.ts';
import { makeClip, pageSize, type WorkPayload } from './work.ts';

const videos = 200;
const perS = 100;

interface Amounts {
  followers: number;
  seconds: number;
}

/** In the order of the report. */
export function laneScenarios(scale: number): Scenario[] {
  const amounts = { followers: Math.max(pageSize, 1_000_000 * scale), seconds: Math.max(2, 10 * scale) };
  const one = (name: string, start: () => Promise<Mixed>): Scenario => {
    return { name, keys: [...waitKeys, 'fan-out', 'videos'], run: () => measure(start, amounts) };
  };
  return [
    one('messages beside videos, two lanes', twoLanes),
    one('messages beside videos, one BullMQ queue, 4 at once', () => oneQueue(4)),
    one('messages beside videos, one BullMQ queue, 50 at once', () => oneQueue(50)),
  ];
}

async function measure(start: () => Promise<Mixed>, amounts: Amounts): Promise<Measured[]> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-lanes-'));
  const redis = new Redis(serverUrl('REDIS_URL'));
  const prefix = `bench-lanes-${process.pid}-${Date.now()}`;
  await makeClip(folder);
  const mixed = await start();
  try {
    return await measureMixed(mixed, redis, { prefix, folder, ...amounts });
  } finally {
    await mixed.stop();
    for await (const keys of redis.scanStream({ match: `${prefix}:*`, count: 5_000 }))
      if (keys.length > 0) await redis.unlink(keys);
    await redis.quit();
    await rm(folder, { recursive: true });
  }
}

type Where = Pick<WorkPayload, 'prefix' | 'folder'>;

async function measureMixed(mixed: Mixed, redis: Redis, where: Where & Amounts): Promise<Measured[]> {
  const { prefix, folder, followers, seconds } = where;
  const payloads = (count: number): WorkPayload[] =>
    Array.from({ length: count }, (_, n) => ({ sentAt: nowMs(), n, prefix, folder }));
  const waits = await waitsOf(redis, prefix);
  await mixed.enqueue('video', payloads(videos));
  // The videos are under way, and a first message has been through.
  await mixed.enqueue('message', [{ sentAt: nowMs(), n: -1, prefix, folder }]);
  await pause(2_000);
  const startedAt = nowMs();
  const pages = Math.round(followers / pageSize);
  const fanOut = watchFanOut(redis, prefix, pages);
  await mixed.enqueue('page', payloads(pages));
  const count = Math.round(perS * seconds);
  await atRate(perS, count, (n) => mixed.enqueue('message', [{ sentAt: nowMs(), n, prefix, folder }]));
  await pause(1_000);
  const written = fanOut.stop();
  const encoded = Number(await redis.get(`${prefix}:video`));
  const perMinute = (encoded * 60_000) / (nowMs() - startedAt);
  return [
    ...percentiles(waits(startedAt, count), 'enqueued to pushed'),
    {
      key: 'fan-out',
      value: written.seconds,
      unit: 's',
      note: `${written.all ? 'until' : 'and not yet'} ${followers.toLocaleString('en')} feeds were written`,
    },
    { key: 'videos', value: perMinute, unit: 'a minute', note: 'were encoded' },
  ];
}

/** Hears the pushes as an open screen does. */
async function waitsOf(redis: Redis, prefix: string) {
  const heard = new Map<number, number>();
  const listener = redis.duplicate();
  await listener.subscribe(`${prefix}:message`);
  listener.on('message', (_channel, text) => {
    const { n, sentAt } = JSON.parse(text) as { n: number; sentAt: number };
    heard.set(n, nowMs() - sentAt);
  });
  // Those that were not heard have waited until now at least.
  return (startedAt: number, count: number): number[] => {
    listener.disconnect();
    const now = nowMs();
    return Array.from({ length: count }, (_, n) => heard.get(n) ?? now - (startedAt + (n * 1_000) / perS));
  };
}

/** How long it takes until so many pages are written; `stop` tells, or how long it has been. */
function watchFanOut(redis: Redis, prefix: string, pages: number) {
  const startedAt = nowMs();
  let endedAt: number | undefined;
  const timer = setInterval(async () => {
    if (Number(await redis.get(`${prefix}:page`)) < pages) return;
    clearInterval(timer);
    endedAt ??= nowMs();
  }, 20);
  return {
    stop() {
      clearInterval(timer);
      return { all: endedAt !== undefined, seconds: ((endedAt ?? nowMs()) - startedAt) / 1_000 };
    },
  };
}
