/** Workers share the pieces of one video. One dies by SIGKILL in the middle: only what it had in hand is encoded again. */
import { type ChildProcess, execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ended, launch } from '../../../scripts/stack/launch.ts';
import type { JobSummary, MediaView } from '../../../src/contract/index.ts';
import { imagePool, videoMaker } from '../../../src/media/index.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { bodyOf, mediaClient } from '../../support/media-client.ts';
import { encoders } from '../../support/processes.ts';
import { until } from '../../support/stack.ts';
import { clip, makeVideo, probe } from '../../support/videos.ts';

const exec = promisify(execFile);
let app: TestApp;
let ada: ReturnType<typeof mediaClient>;
let scratch = '';
const workers: ChildProcess[] = [];

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'twolane-killed-'));
  // So little that every piece is one segment.
  app = await startTestApp({ worker: false, settings: { TWOLANE_VIDEO_PIECE_MS: '1' } });
  ada = mediaClient(app, 'ada');
  // A rate whose frames do not meet the seconds, with frames that refer to later ones.
  const options = ['-bf', '2', '-g', '70', '-r', '30000/1001'];
  await clip(file('long.mp4'), { width: 480, height: 400, fps: 30, seconds: 14, sound: false, options });
}, 120_000);
afterAll(async () => {
  for (const worker of workers) worker.kill('SIGKILL');
  await Promise.all(workers.map(ended));
  await app?.stop();
  await rm(scratch, { recursive: true, force: true });
});

const file = (name: string) => join(scratch, name);

function startWorker(): ChildProcess {
  const args = ['--import', 'tsx', 'src/cli/main.ts', 'worker', '--lane', 'bulk', '--queues', 'video,encode'];
  // One job at a time, so that there is work for both.
  const environment = { ...app.environment, HEALTH_PORT: '0', TWOLANE_WORKER_CONCURRENCY: '1' };
  const worker = launch({ program: process.execPath, args, environment });
  workers.push(worker);
  return worker;
}

const pieces = async () => (await app.twolane.operations.list({ type: 'encode-piece' }, { limit: 100 })).items;

/** Who has tried it, the last one at the end. */
const triedBy = async ({ id }: JobSummary) =>
  (await app.twolane.operations.get(id))?.attempts.map(({ worker }) => worker) ?? [];

/** Of each frame in seconds, in the order in which they are shown. */
async function times(path: string): Promise<number[]> {
  const packets = await probe(path, '-select_streams', 'v:0', '-show_packets');
  return packets.map((each) => Math.round(Number(each.pts_time) * 10_000) / 10_000).sort((a, b) => a - b);
}

/** SSIM to the upload. */
async function likeness(path: string): Promise<number> {
  const compare = ['-lavfi', '[0:v]scale=480:400[a];[a][1:v]ssim', '-f', 'null', '-'];
  const { stderr } = await exec('ffmpeg', ['-nostats', '-i', path, '-i', file('long.mp4'), ...compare]);
  return Number(/All:([\d.]+)/.exec(stderr)?.[1]);
}

describe('A video that two workers make, of which one is killed', { timeout: 240_000 }, () => {
  let media: MediaView;

  it('loses the piece in the hands of that one and no other, and leaves no encoder behind', async () => {
    const [victim, other] = [startWorker(), startWorker()];
    const ids = await until(
      'both workers',
      async () => {
        const now = await app.twolane.operations.workers();
        const found = [victim, other].flatMap(({ pid }) => {
          const { host } = now.find((one) => one.pid === pid) ?? {};
          return host === undefined ? [] : `${host}:${pid}`;
        });
        return found.length === 2 && now.every(({ queues }) => queues.length === 2) ? found : undefined;
      },
      { timeoutMs: 60_000 },
    );
    const { id } = await bodyOf(await ada.upload(file('long.mp4')));
    const before = await until(
      'pieces that either has done, and one in the hands of the first',
      async () => {
        const now = await pieces();
        const done = now.filter(({ state }) => state === 'succeeded');
        const working = now.some(({ state, worker }) => state === 'running' && worker === ids[0]);
        return working && ids.every((each) => done.some(({ worker }) => worker === each)) ? done : undefined;
      },
      { timeoutMs: 120_000, everyMs: 50 },
    );
    victim.kill('SIGKILL');
    media = await until(
      'the end',
      async () => {
        const now = await ada.view(id);
        return now.state === 'processing' ? undefined : now;
      },
      { timeoutMs: 120_000, everyMs: 100 },
    );
    expect(media).toMatchObject({ state: 'ready', video: { rungs: [{ name: '240p' }, { name: '400p' }] } });
    const after = await pieces();
    // Four segments of two stages, each of which came to its end once.
    expect(after.map(({ state }) => state)).toEqual(Array.from({ length: 8 }, () => 'succeeded'));
    const tried = await Promise.all(after.map(triedBy));
    expect(tried.filter((each) => each.length > 1)).toEqual([ids]);
    const ends = (jobs: typeof after) => new Map(jobs.map((job) => [job.id, job.finishedAt]));
    for (const [piece, at] of ends(before)) expect(ends(after).get(piece)).toEqual(at);
    expect(encoders(app)).toEqual([]);
  });

  it('equals a single run: every frame at its time, and as much like the original', async () => {
    const images = imagePool({ processes: 1 });
    const make = async (processes: number) => {
      const making = {
        input: file('long.mp4'),
        output: file(`by-${processes}`),
        scratch: file(`scratch-${processes}`),
      };
      await Promise.all([mkdir(making.output), mkdir(making.scratch)]);
      const made = await makeVideo(videoMaker({ images, processes }), making, new AbortController().signal);
      return join(making.output, made.video.mp4 ?? '');
    };
    // By one encoder, by jobs, and by three encoders of one job.
    const [one, many, some] = [await make(1), `${app.url}${media.video?.mp4}`, await make(3)];
    images.close();
    const [alone, shown, beside, from] = await Promise.all([one, many, some, file('long.mp4')].map(times));
    expect(shown).toHaveLength(from?.length ?? 0);
    expect(shown).toEqual(alone);
    expect(beside).toEqual(alone);
    for (const [frame, at] of (shown ?? []).entries())
      expect(Math.abs(at - (from?.[frame] ?? 0)), `frame ${frame}`).toBeLessThan(0.001);
    const [likeOne = 0, ...others] = await Promise.all([one, many, some].map(likeness));
    expect(likeOne).toBeGreaterThan(0.9);
    for (const like of others) expect(Math.abs(likeOne - like)).toBeLessThan(0.005);
  });
});
