/** Poster and rung of real videos, and the containers that must be refused. */
import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { imagePool, videoMaker } from '../../../src/media/index.ts';
import { tagsOf } from '../../support/pictures.ts';
import { until } from '../../support/stack.ts';
import { clip, probe, remux } from '../../support/videos.ts';

const exec = promisify(execFile);
const images = imagePool({ processes: 1 });
const maker = videoMaker({ images, limits: { maxDurationS: 30 } });
let scratch = '';
let made = 0;

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'twolane-video-'));
  await clip(file('wide.mp4'), {
    width: 1920,
    height: 1080,
    fps: 10,
    seconds: 5,
    options: ['-metadata', 'location=+52.5200+013.4050/', '-metadata', 'title=secret'],
  });
});
afterAll(async () => {
  images.close();
  await rm(scratch, { recursive: true, force: true });
});

const file = (name: string) => join(scratch, name);

async function make(input: string, signal = new AbortController().signal, onProgress = (_percent: number) => {}) {
  made += 1;
  const output = file(`job-${made}/output`);
  const scratchFolder = file(`job-${made}/scratch`);
  await mkdir(output, { recursive: true });
  await mkdir(scratchFolder);
  const video = await maker.make({ input, output, scratch: scratchFolder }, signal, onProgress);
  return { output, made: video };
}

describe('A video', { timeout: 90_000 }, () => {
  it('becomes a 720p rung that plays, with a poster and progress in percent', async () => {
    const percents: number[] = [];
    const result = await make(file('wide.mp4'), undefined, (percent) => percents.push(percent));
    expect(result.made).toMatchObject({
      width: 1920,
      height: 1080,
      video: { hls: 'hls/master.m3u8', poster: '1440.jpg' },
    });
    expect(result.made.video.durationMs).toBeGreaterThan(4_900);
    expect(await sharp(join(result.output, '1440.jpg')).metadata()).toMatchObject({ width: 1440, height: 810 });

    const streams = await probe(join(result.output, 'hls/master.m3u8'), '-show_streams');
    expect(streams).toMatchObject([
      { codec_name: 'h264', profile: 'High', pix_fmt: 'yuv420p', width: 1280, height: 720 },
      { codec_name: 'aac', channels: 2, sample_rate: '48000' },
    ]);
    expect(percents).toEqual([...percents].sort((a, b) => a - b));
    expect(percents.at(-1)).toBe(97);
    expect(Math.max(...percents)).toBeLessThanOrEqual(100);
  });

  it('begins every segment with a keyframe, and has one every two seconds', async () => {
    const hls = file('job-1/output/hls');
    const frames = await probe(join(hls, 'video.m3u8'), '-select_streams', 'v', '-show_packets');
    const keys = frames.filter((each) => String(each.flags).startsWith('K')).map((each) => Number(each.pts_time));
    const first = keys[0] ?? 0;
    expect(keys.map((each) => Math.round(each - first))).toEqual([0, 2, 4]);
    for (const segment of ['00000.m4s', '00001.m4s']) {
      const alone = file(`alone-${segment}.mp4`);
      await writeFile(
        alone,
        Buffer.concat([await readFile(join(hls, 'init.mp4')), await readFile(join(hls, segment))]),
      );
      const [opening] = await probe(alone, '-select_streams', 'v', '-show_packets');
      expect(String(opening?.flags)).toMatch(/^K/);
    }
    const master = await readFile(join(hls, 'master.m3u8'), 'utf8');
    expect(master).toMatch(/BANDWIDTH=\d+,.*RESOLUTION=1280x720,CODECS="avc1\.[0-9a-f]{6},mp4a\.40\.2"/);
  });

  it('leaves the place and the title behind', async () => {
    expect((await tagsOf(file('wide.mp4'))).join(' ')).toMatch(/GPS|Location/i);
    const left = await tagsOf(file('alone-00000.m4s.mp4'));
    expect(left.join(' ')).toContain('ImageWidth');
    expect(left.filter((tag) => /gps|location|title|artist|comment/i.test(tag))).toEqual([]);
  });

  it('filmed upright is shown upright, also without sound and with a changing frame rate', async () => {
    await clip(file('flat.mp4'), {
      width: 480,
      height: 270,
      sound: false,
      options: ['-vf', "select='mod(n,3)'", '-fps_mode', 'vfr'],
    });
    await remux(file('flat.mp4'), file('upright.mov'), '-metadata:s:v:0', 'rotate=90');
    const { output, made: video } = await make(file('upright.mov'));
    expect(video).toMatchObject({ width: 270, height: 480 });
    const [stream, ...others] = await probe(join(output, 'hls/master.m3u8'), '-show_streams');
    expect(stream).toMatchObject({ width: 270, height: 480 });
    expect(others).toEqual([]);
    expect(await sharp(join(output, video.video.poster)).metadata()).toMatchObject({ width: 270, height: 480 });
  });

  it('of an absurd frame rate is brought down to 60', async () => {
    await clip(file('fast.mp4'), { width: 64, height: 64, fps: 240, seconds: 1, sound: false });
    const { output } = await make(file('fast.mp4'));
    const frames = await probe(join(output, 'hls/video.m3u8'), '-select_streams', 'v', '-show_packets');
    expect(frames.length).toBeLessThanOrEqual(61);
  });

  it('of one single frame still becomes a poster and a rung', async () => {
    await clip(file('frame.mp4'), { width: 66, height: 50, fps: 25, seconds: 0.04, sound: false });
    const { made: video } = await make(file('frame.mp4'));
    expect(video.renditions.map((each) => each.name)).toEqual(['66.webp', '66.jpg']);
  });
});

describe('A hostile or broken container', { timeout: 90_000 }, () => {
  it('that is a playlist naming another file reads nothing, although plain ffprobe does', async () => {
    const traps = {
      'playlist.mp4': `#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:5,\nfile://${file('wide.mp4')}\n#EXT-X-ENDLIST\n`,
      'concat.mp4': 'ffconcat version 1.0\nfile wide.mp4\n',
    };
    for (const [name, text] of Object.entries(traps)) {
      await writeFile(file(name), text);
      // The positive control: the trap works on a reader without our rules.
      expect(await probe(file(name), '-show_streams'), name).not.toEqual([]);
      await expect(make(file(name)), name).rejects.toMatchObject({ code: 'invalid_video', name: 'NonRetryableError' });
    }
  });

  it('is refused with a reason when it is cut, empty, silent of pictures, or too long', async () => {
    await remux(file('wide.mp4'), file('cut.mp4'), '-movflags', '+faststart');
    await truncate(file('cut.mp4'), Math.floor((await stat(file('cut.mp4'))).size / 2));
    await copyFile(file('wide.mp4'), file('headless.mp4'));
    await truncate(file('headless.mp4'), 2_000);
    await remux(file('wide.mp4'), file('sound.mp4'), '-vn');
    await clip(file('long.mp4'), { width: 64, height: 64, fps: 1, seconds: 31, sound: false });
    const reasons = {
      'cut.mp4': 'incomplete_video',
      'headless.mp4': 'invalid_video',
      'sound.mp4': 'invalid_video',
      'long.mp4': 'too_long',
    };
    for (const [name, code] of Object.entries(reasons))
      await expect(make(file(name)), name).rejects.toMatchObject({ code, name: 'NonRetryableError' });
  });
});

describe('Aborting a video', { timeout: 90_000 }, () => {
  it('ends ffmpeg at once', async () => {
    await clip(file('slow.mp4'), { fps: 30, seconds: 25, sound: false });
    const stop = new AbortController();
    const reason = new Error('no longer wanted');
    const here = async () => (await commands()).filter((line) => line.includes(scratch) && line.startsWith('ffmpeg'));
    const stopped = make(file('slow.mp4'), stop.signal).catch((error: unknown) => error);
    await until('ffmpeg at work', async () => (await here()).length > 0, { everyMs: 5 });
    stop.abort(reason);
    expect(await stopped).toBe(reason);
    await until('its end', async () => (await here()).length === 0);
  });
});

/** The command line of every process. */
async function commands(): Promise<string[]> {
  const { stdout } = await exec('ps', ['-eo', 'args=']);
  return stdout.split('\n');
}
