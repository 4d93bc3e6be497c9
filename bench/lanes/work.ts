/** The work of a photo and video product in small: a message to push, a page of followers' feeds to write, a video to encode. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Redis } from 'ioredis';
import { z } from 'zod';
import { bareRedisBatch } from '../peers/redis-batch.ts';

const run = promisify(execFile);

/** The most urgent first. */
export const kinds = ['message', 'page', 'video'] as const;
export type Kind = (typeof kinds)[number];

export const workPayload = z.object({
  sentAt: z.number(),
  /** Of the message or the page. */
  n: z.number(),
  /** Names keys and channels in Redis. */
  prefix: z.string(),
  /** Holds the clip. */
  folder: z.string(),
});
export type WorkPayload = z.infer<typeof workPayload>;

/** Followers whose feeds one page writes. */
export const pageSize = 10_000;
const clipS = 6;
let redis: Redis | undefined;

/** The same in every process, whoever gave it the job. */
export async function doWork(kind: Kind, payload: WorkPayload, signal: AbortSignal): Promise<void> {
  redis ??= new Redis(process.env.REDIS_URL ?? '');
  const { prefix, sentAt, n } = payload;
  if (kind === 'message') await redis.publish(`${prefix}:message`, JSON.stringify({ sentAt, n }));
  else if (kind === 'page') await writeFeeds(redis, payload);
  else await encode(payload.folder, signal);
  if (kind !== 'message') await redis.incr(`${prefix}:${kind}`);
}

export async function endWork(): Promise<void> {
  await redis?.quit();
}

/** The feeds of page `n` of the followers. */
function writeFeeds(client: Redis, { n, prefix }: WorkPayload): Promise<void> {
  const keys = Array.from({ length: pageSize }, (_, at) => `${prefix}:feed:${n * pageSize + at}`);
  return bareRedisBatch(client, keys, [String(1_000_000 + n)]);
}

/** On one core, after everything else. */
async function encode(folder: string, signal: AbortSignal): Promise<void> {
  const input = ['-nostdin', '-v', 'error', '-i', join(folder, 'clip.mp4')];
  const output = ['-c:v', 'libx264', '-preset', 'veryfast', '-threads', '1', '-f', 'null', '-'];
  await run('nice', ['-n', '10', 'ffmpeg', ...input, ...output], { signal });
}

export async function makeClip(folder: string): Promise<void> {
  const source = ['-f', 'lavfi', '-i', `testsrc2=size=1920x1080:rate=30:duration=${clipS}`];
  const coded = ['-c:v', 'libx264', '-preset', 'ultrafast', join(folder, 'clip.mp4')];
  await run('ffmpeg', ['-nostdin', '-v', 'error', ...source, ...coded]);
}
