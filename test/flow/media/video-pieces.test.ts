/** A long video: encoded in pieces by many jobs, shown early, and soon gone when nobody wants it. */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MediaView } from '../../../src/contract/index.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { bodyOf, mediaClient } from '../../support/media-client.ts';
import { encoders } from '../../support/processes.ts';
import { until } from '../../support/stack.ts';
import { clip, ffmpeg } from '../../support/videos.ts';

let app: TestApp;
let ada: ReturnType<typeof mediaClient>;
let scratch = '';

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'twolane-pieces-'));
  // So little that every piece is one segment.
  app = await startTestApp({ settings: { TWOLANE_VIDEO_PIECE_MS: '1' } });
  ada = mediaClient(app, 'ada');
  await clip(file('long.mp4'), { width: 480, height: 400, fps: 12, seconds: 9 });
}, 120_000);
afterAll(async () => {
  await app?.stop();
  await rm(scratch, { recursive: true, force: true });
});

const file = (name: string) => join(scratch, name);
const pieces = async () => (await app.twolane.operations.list({ type: 'encode-piece' }, { limit: 100 })).items;
/** All paths in the store; looks again when a folder goes away meanwhile. */
const left = async (): Promise<string> => {
  const names = await readdir(app.config.TWOLANE_FILES_DIR, { recursive: true }).catch((error) => {
    if (error.code !== 'ENOENT') throw error;
  });
  return names?.join(' ') ?? left();
};

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
      { timeoutMs: 150_000, everyMs: 40 },
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
});

describe('A long video that nobody wants any more', { timeout: 120_000 }, () => {
  /** Soon made, and long to encode: the same frames again and again. */
  async function repeated(name: string, picture: string, times: number) {
    const once = file(`once-${name}`);
    await ffmpeg('-f', 'lavfi', '-i', picture, '-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', once);
    await ffmpeg('-stream_loop', String(times - 1), '-i', once, '-c', 'copy', file(name));
  }

  async function atWork(name: string): Promise<{ id: string; jobId: string }> {
    const { id, jobId } = await bodyOf(await ada.upload(file(name)));
    await until('a piece at work', () => encoders(app).length > 0, { timeoutMs: 60_000, everyMs: 100 });
    return { id, jobId };
  }

  async function expectGone({ id, jobId }: { id: string; jobId: string }, end: () => Promise<unknown>) {
    const began = Date.now();
    await end();
    await until('no encoder', () => encoders(app).length === 0, { timeoutMs: 10_000, everyMs: 20 });
    expect(Date.now() - began).toBeLessThan(2_000);
    const own = new RegExp(`(media/${id}|work/${jobId})/|[.]work/[0-9a-f]`);
    await until('no file', async () => !own.test(await left()), { timeoutMs: 5_000 });
  }

  it('is cancelled, stops within two seconds, and leaves no process and no file', async () => {
    await repeated('cancelled.mp4', 'testsrc2=size=640x480:rate=60:duration=2', 20);
    const media = await atWork('cancelled.mp4');
    await expectGone(media, () => app.twolane.operations.cancel(media.jobId));
    const cancelled = { state: 'failed', error: { code: 'cancelled' }, renditions: [] };
    expect(await ada.view(media.id)).toMatchObject(cancelled);
  });

  it('holds up no photo, though it is six minutes of 4K at 60 frames a second, and is gone as soon when it is deleted', async () => {
    await repeated('dear.mp4', 'color=c=green:size=3840x2160:rate=60:duration=0.5', 720);
    const media = await atWork('dear.mp4');
    const photo = sharp({ create: { width: 90, height: 60, channels: 3, background: '#a52' } }).jpeg();
    expect(await ada.uploadAndWait(new Blob([new Uint8Array(await photo.toBuffer())]))).toMatchObject({
      state: 'ready',
    });
    // It is still at the pieces of its smallest rung, which wait in a queue of their own.
    const { items } = await app.twolane.operations.list({ type: 'encode-piece' }, { limit: 100 });
    const waiting = items.filter(({ queue, state }) => queue === 'encode' && ['waiting', 'queued'].includes(state));
    expect(waiting.length).toBeGreaterThan(80);
    expect(await ada.view(media.id)).toMatchObject({ state: 'processing' });
    expect(encoders(app).length).toBeGreaterThan(0);
    await expectGone(media, () => ada.request(`/v1/media/${media.id}`, { method: 'DELETE' }));
    expect((await ada.request(`/v1/media/${media.id}`)).status).toBe(404);
  });
});
