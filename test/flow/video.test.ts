/** A video from the upload to a rung that plays, through the API, the ledger and a worker on BullMQ. */
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp } from '../support/app.ts';
import { bodyOf, mediaClient } from '../support/media-client.ts';
import { until } from '../support/stack.ts';
import { clip, ffmpeg, probe } from '../support/videos.ts';

let app: TestApp;
let ada: ReturnType<typeof mediaClient>;
let scratch = '';

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'twolane-video-flow-'));
  app = await startTestApp();
  ada = mediaClient(app, 'ada');
});
afterAll(async () => {
  await app?.stop();
  await rm(scratch, { recursive: true, force: true });
});

const file = (name: string) => join(scratch, name);

describe('A video', { timeout: 120_000 }, () => {
  it('becomes a poster and a playlist that a player can follow over HTTP, with progress on the way', async () => {
    await clip(file('clip.mov'), { width: 640, height: 360, fps: 24, seconds: 6 });
    const answer = await ada.upload(file('clip.mov'));
    expect(answer.status).toBe(202);
    const { id } = await bodyOf(answer);
    const { told } = await ada.events(id);
    const percents = told.flatMap((each) => (each.event === 'progress' ? [each.data.percent] : []));
    expect(percents).toEqual([...percents].sort((a, b) => a - b));
    expect(new Set(percents).size).toBeGreaterThan(1);

    const media = told.at(-1)?.data;
    expect(media).toMatchObject({
      kind: 'video',
      state: 'ready',
      original: { contentType: 'video/quicktime', width: 640 },
    });
    expect(media.placeholder).toBeTruthy();
    expect((await fetch(app.url + media.video.poster)).headers.get('content-type')).toBe('image/jpeg');
    const master = await fetch(app.url + media.video.hls);
    expect(master.headers.get('content-type')).toBe('application/vnd.apple.mpegurl');
    const streams = await probe(app.url + media.video.hls, '-show_streams');
    expect(streams.map((each) => each.codec_name).sort()).toEqual(['aac', 'h264', 'h264']);
    const packets = await probe(app.url + media.video.hls, '-select_streams', 'v:0', '-show_packets');
    expect(packets.length).toBe(6 * 24);
  });

  it('can be planned before anything is made of it, whether it is here or elsewhere', async () => {
    const json = (body: object) => ({
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const plan = async (body: object) => bodyOf(await ada.request('/v1/media/plan', json(body)));
    const { items } = await bodyOf(await ada.request('/v1/media'));
    const { plan: made } = await plan({ mediaId: items[0].id });
    expect(made).toMatchObject({ width: 640, height: 360, durationMs: 6_000, jobs: 1 });
    expect(made.rungs.map((rung: { name: string }) => rung.name)).toEqual(['240p', '360p']);
    expect(made.cpuMs).toBeGreaterThan(0);

    // A small file that is a lot of work.
    const picture = ['-f', 'lavfi', '-i', 'color=size=2560x1440:rate=1:duration=300', '-c:v', 'libx264'];
    await ffmpeg(...picture, '-preset', 'ultrafast', '-r', '1', file('dear.mp4'));
    await mkdir(join(app.config.TWOLANE_FILES_DIR, 'incoming'), { recursive: true });
    await copyFile(file('dear.mp4'), join(app.config.TWOLANE_FILES_DIR, 'incoming/dear.mp4'));
    const { plan: dear } = await plan({ source: { key: 'incoming/dear.mp4' } });
    expect(dear).toMatchObject({ width: 2560, durationMs: 300_000 });
    expect(dear.cpuMs).toBeGreaterThan(5_000);
    expect((await plan({ source: { key: 'incoming/none.mp4' } })).code).toBe('source_missing');
    expect((await bodyOf(await ada.request('/v1/media'))).items).toHaveLength(items.length);
  });

  it('that is cut fails with a reason; its job is dead and can be retried', async () => {
    await clip(file('cut.mp4'), { seconds: 6, options: ['-movflags', '+faststart'] });
    await truncate(file('cut.mp4'), Math.floor((await readFile(file('cut.mp4'))).length / 2));
    const media = await ada.uploadAndWait(file('cut.mp4'));
    expect(media).toMatchObject({ state: 'failed', error: { code: 'incomplete_video' } });
    // The media is marked a moment before its job has settled.
    await until('the job is dead', async () => (await app.twolane.operations.get(media.jobId))?.state === 'dead');
    await app.twolane.operations.retry(media.jobId);
    await until('the second end', async () => {
      const job = await app.twolane.operations.get(media.jobId);
      return job?.state === 'dead' && job.attempts.length > 1;
    });
    expect(await ada.view(media.id)).toMatchObject({ state: 'failed', error: { code: 'incomplete_video' } });
  });

  it('whose job is cancelled is failed, and leaves no files but the original', async () => {
    await clip(file('slow.mp4'), { fps: 30, seconds: 60, sound: false });
    const { id, jobId } = await bodyOf(await ada.upload(file('slow.mp4')));
    await until('the start', async () => (await app.twolane.operations.get(jobId))?.state === 'running');
    await app.twolane.operations.cancel(jobId);
    const media = await until('the end', async () => {
      const now = await ada.view(id);
      return now.state === 'failed' ? now : undefined;
    });
    expect(media).toMatchObject({ error: { code: 'cancelled' }, renditions: [] });
    const left = async () => (await readdir(app.config.TWOLANE_FILES_DIR, { recursive: true })).join(' ');
    await until('a clean store', async () => !new RegExp(`media/${id}/|[.]work/[0-9a-f]`).test(await left()));
    expect(await left()).toContain('originals/');
  });

  it('that only pretends to be one is refused at the door', async () => {
    await writeFile(
      file('fake.mp4'),
      '#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:5,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n',
    );
    const answer = await ada.upload(file('fake.mp4'));
    expect([answer.status, (await bodyOf(answer)).code]).toEqual([415, 'unsupported_media']);
  });
});
