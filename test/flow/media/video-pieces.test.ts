/** A long video: encoded in pieces by many jobs, shown early, equal to one run, and soon gone when nobody wants it. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MediaView } from '../../../src/contract/index.ts';
import { imagePool, videoMaker } from '../../../src/media/index.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { bodyOf, mediaClient } from '../../support/media-client.ts';
import { until } from '../../support/stack.ts';
import { clip, ffmpeg, makeVideo, probe } from '../../support/videos.ts';

const exec = promisify(execFile);
let app: TestApp;
let ada: ReturnType<typeof mediaClient>;
let scratch = '';

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'twolane-pieces-'));
  // So little that every piece is one segment.
  app = await startTestApp({ settings: { TWOLANE_VIDEO_PIECE_MS: '1' } });
  ada = mediaClient(app, 'ada');
  // A rate whose frames do not meet the seconds, with frames that refer to later ones.
  const options = ['-bf', '2', '-g', '70', '-r', '30000/1001'];
  await clip(file('long.mp4'), { width: 480, height: 400, fps: 30, seconds: 10, options });
}, 120_000);
afterAll(async () => {
  await app?.stop();
  await rm(scratch, { recursive: true, force: true });
});

const file = (name: string) => join(scratch, name);
const pieces = async () => (await app.twolane.operations.list({ type: 'encode-piece' }, { limit: 100 })).items;
const left = async () => (await readdir(app.config.TWOLANE_FILES_DIR, { recursive: true })).join(' ');

describe('A long video', { timeout: 180_000 }, () => {
  const seen: MediaView[] = [];
  let media: MediaView;

  it('shows its poster, then its smallest rung, then everything', async () => {
    const { id } = await bodyOf(await ada.upload(file('long.mp4')));
    media = await until(
      'the end',
      async () => {
        const now = await ada.view(id);
        seen.push(now);
        return now.state === 'processing' ? undefined : now;
      },
      { timeoutMs: 150_000, everyMs: 20 },
    );
    expect(media).toMatchObject({ state: 'ready', video: { rungs: [{ name: '240p' }, { name: '400p' }] } });
    const steps = seen.map(({ state, video }) =>
      [state, video && 'poster', video?.hls && video.rungs.map((rung) => rung.name).join()].filter(Boolean).join(' '),
    );
    expect([...new Set(steps)]).toEqual([
      'processing',
      'processing poster',
      'processing poster 240p',
      'ready poster 240p,400p',
    ]);
  });

  it('tells how far each rung is', () => {
    const told = seen.flatMap(({ video }) => (video?.encoding ? [video.encoding.map((rung) => rung.percent)] : []));
    expect(told[0]).toHaveLength(2);
    for (const rung of [0, 1]) {
      const percents = told.map((each) => each[rung] ?? 0);
      expect(percents).toEqual([...percents].sort((a, b) => a - b));
    }
    expect(told.some(([first, rest]) => first === 100 && (rest ?? 0) > 0 && (rest ?? 0) < 100)).toBe(true);
  });

  it('was encoded by a job for each piece, and leaves none of them behind', async () => {
    const made = await pieces();
    expect(made.map((job) => job.state)).toEqual(made.map(() => 'succeeded'));
    // Three segments of two stages, and the sound.
    expect(made).toHaveLength(7);
    await until('no pieces', async () => !/work\/\d/.test(await left()), { timeoutMs: 5_000 });
  });

  it('equals a single run: every frame at its time, and as much like the original', async () => {
    const images = imagePool({ processes: 1 });
    const maker = videoMaker({ images });
    const making = { input: file('long.mp4'), output: file('single'), scratch: file('scratch') };
    await Promise.all([mkdir(making.output), mkdir(making.scratch)]);
    const single = await makeVideo(maker, making, new AbortController().signal);
    images.close();
    const [one, many] = [join(making.output, single.video.mp4 ?? ''), `${app.url}${media.video?.mp4}`];
    expect(await times(many)).toEqual(await times(one));
    const [shown, from] = [await times(many), await times(file('long.mp4'))];
    expect(shown).toHaveLength(from.length);
    for (const [frame, at] of shown.entries())
      expect(Math.abs(at - (from[frame] ?? 0)), `frame ${frame}`).toBeLessThan(0.001);
    const [likeOne, likeMany] = [await likeness(one), await likeness(many)];
    expect(likeOne).toBeGreaterThan(0.9);
    expect(Math.abs(likeOne - likeMany)).toBeLessThan(0.005);
  });
});

describe('A long video that nobody wants any more', { timeout: 120_000 }, () => {
  beforeAll(() => clip(file('short.mp4'), { width: 640, height: 480, fps: 60, seconds: 2, sound: false }));

  it.each(['cancelled', 'deleted'])(
    'and is %s stops within two seconds, and leaves no process and no file',
    async (how) => {
      // Long to encode, soon made: the same seconds again and again.
      const often = ['-stream_loop', '19', '-i', file('short.mp4'), '-c', 'copy', '-metadata', `title=${how}`];
      await ffmpeg(...often, file(`${how}.mp4`));
      const { id, jobId } = await bodyOf(await ada.upload(file(`${how}.mp4`)));
      await until('a piece at work', async () => (await encoders()).length > 0, { timeoutMs: 60_000, everyMs: 20 });
      const began = Date.now();
      if (how === 'cancelled') await app.twolane.operations.cancel(jobId);
      else expect((await ada.request(`/v1/media/${id}`, { method: 'DELETE' })).status).toBe(204);
      await until('no encoder', async () => (await encoders()).length === 0, { timeoutMs: 10_000, everyMs: 20 });
      const tookMs = Date.now() - began;
      await until(
        'no file',
        async () => !new RegExp(`(media/${id}|work/${jobId})/|[.]work/[0-9a-f]`).test(await left()),
        {
          timeoutMs: 5_000,
        },
      );
      expect(tookMs).toBeLessThan(2_000);
      if (how === 'cancelled')
        expect(await ada.view(id)).toMatchObject({ state: 'failed', error: { code: 'cancelled' }, renditions: [] });
    },
  );
});

/** The ffmpeg processes of this app that encode pictures. */
async function encoders(): Promise<string[]> {
  const { stdout } = await exec('ps', ['-eo', 'args=']);
  return stdout.split('\n').filter((line) => line.includes(app.config.TWOLANE_FILES_DIR) && line.includes('libx264'));
}

/** Of each frame in seconds, in the order in which they are shown. */
async function times(path: string): Promise<number[]> {
  const packets = await probe(path, '-select_streams', 'v:0', '-show_packets');
  return packets.map((each) => Math.round(Number(each.pts_time) * 10_000) / 10_000).sort((a, b) => a - b);
}

/** SSIM to the upload. */
async function likeness(path: string): Promise<number> {
  const args = [
    '-nostats',
    '-i',
    path,
    '-i',
    file('long.mp4'),
    '-lavfi',
    '[0:v]scale=480:400[a];[a][1:v]ssim',
    '-f',
    'null',
    '-',
  ];
  return Number(/All:([\d.]+)/.exec((await exec('ffmpeg', args)).stderr)?.[1]);
}
