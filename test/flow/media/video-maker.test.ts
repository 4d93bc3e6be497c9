/** What is published of a real video, and the containers that must be refused. */
import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { imagePool, videoMaker } from '../../../src/media/index.ts';
import { tagsOf } from '../../support/pictures.ts';
import { commandsIn } from '../../support/processes.ts';
import { until } from '../../support/stack.ts';
import { clip, makeVideo, probe, remux } from '../../support/videos.ts';

const exec = promisify(execFile);
const images = imagePool({ processes: 1 });
const maker = videoMaker({ images, limits: { maxDurationS: 30 }, preset: 'ultrafast' });
let scratch = '';
let made = 0;

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'twolane-video-'));
  await clip(file('wide.mp4'), {
    width: 640,
    height: 400,
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
  const video = await makeVideo(maker, { input, output, scratch: scratchFolder }, signal, onProgress);
  return { output, made: video };
}

describe('What is published of a video', { timeout: 90_000 }, () => {
  let folder = '';

  it('is a ladder that is never larger than the source, with a poster and progress in percent', async () => {
    const percents: number[] = [];
    const { output, made: video } = await make(file('wide.mp4'), undefined, (percent) => percents.push(percent));
    folder = join(output, 'video');
    expect(video).toMatchObject({ width: 640, height: 400, video: { poster: '640.jpg' } });
    expect(video.video.rungs).toMatchObject([
      { name: '240p', width: 384, height: 240 },
      { name: '400p', width: 640, height: 400 },
    ]);
    expect(await sharp(join(output, '640.jpg')).metadata()).toMatchObject({ width: 640, height: 400 });
    expect(percents).toEqual([...percents].sort((a, b) => a - b));
    expect(percents.at(-1)).toBe(97);
  });

  it.each(['master.m3u8', 'manifest.mpd'])('plays from %s, with the same segments', async (manifest) => {
    const streams = await probe(join(folder, manifest), '-show_streams');
    expect(streams.map((each) => [each.codec_name, each.width])).toEqual(
      expect.arrayContaining([
        ['h264', 384],
        ['h264', 640],
        ['aac', undefined],
      ]),
    );
  });

  it('begins every segment with a keyframe, at the same times on all rungs', async () => {
    const keys = await Promise.all(
      ['media_0.m3u8', 'media_1.m3u8'].map(async (playlist) => {
        const packets = await probe(join(folder, playlist), '-select_streams', 'v', '-show_packets');
        return packets.flatMap((each) => (String(each.flags).startsWith('K') ? [Number(each.pts_time)] : []));
      }),
    );
    expect(keys).toEqual([
      [0, 2, 4],
      [0, 2, 4],
    ]);
    for (const segment of ['1-00001.m4s', '1-00002.m4s']) {
      const alone = file(`alone-${segment}.mp4`);
      const bytes = [await readFile(join(folder, 'init-1.mp4')), await readFile(join(folder, segment))];
      await writeFile(alone, Buffer.concat(bytes));
      const [opening] = await probe(alone, '-select_streams', 'v', '-show_packets');
      expect(String(opening?.flags)).toMatch(/^K/);
    }
  });

  it('tells rates that hold for every segment', async () => {
    const master = await readFile(join(folder, 'master.m3u8'), 'utf8');
    const told = [...master.matchAll(/[:,]BANDWIDTH=(\d+)/g)].map((found) => Number(found[1]));
    const sizes = await Promise.all(
      ['0-00001.m4s', '1-00001.m4s'].map(async (name) => (await stat(join(folder, name))).size),
    );
    for (const [rung, bytes] of sizes.entries()) expect(told[rung]).toBeGreaterThanOrEqual((bytes * 8) / 4);
    expect(master).not.toContain('PROGRAM-DATE-TIME');
  });

  it('holds one file that plays while it loads, with the very frames of the largest rung', async () => {
    const bytes = await readFile(join(folder, 'video.mp4'));
    expect(bytes.indexOf('moov')).toBeLessThan(bytes.indexOf('mdat'));
    expect(await hashes(join(folder, 'video.mp4'))).toEqual(await hashes(join(folder, 'media_1.m3u8')));
    const { stdout } = await exec('mediainfo', ['--Output=JSON', join(folder, 'video.mp4')]);
    const [general, picture, sound] = JSON.parse(stdout).media.track;
    expect(general).toMatchObject({ Format: 'MPEG-4' });
    expect(picture).toMatchObject({ Format: 'AVC', FrameCount: '50', Duration: '5.000', colour_primaries: 'BT.709' });
    expect(sound).toMatchObject({ Format: 'AAC', Channels: '2', SamplingRate: '48000' });
  });

  it('is as loud as players expect', async () => {
    const meter = ['-nostats', '-i', join(folder, 'video.mp4'), '-af', 'ebur128=framelog=verbose', '-f', 'null', '-'];
    const { stderr } = await exec('ffmpeg', meter);
    const lufs = Number(/I:\s+(-?[\d.]+) LUFS/.exec(stderr)?.[1]);
    expect(Math.abs(lufs + 16)).toBeLessThan(1);
  });

  it('has a sheet of small pictures, with the place of each', async () => {
    expect(await sharp(join(folder, 'storyboard.jpg')).metadata()).toMatchObject({ width: 3 * 160, height: 100 });
    const cues = await readFile(join(folder, 'storyboard.vtt'), 'utf8');
    expect(cues).toContain('00:00:04.000 --> 00:00:05.000\nstoryboard.jpg#xywh=320,0,160,100');
  });

  it('leaves the place and the title behind', async () => {
    expect((await tagsOf(file('wide.mp4'))).join(' ')).toMatch(/GPS|Location/i);
    for (const name of ['video.mp4', 'storyboard.jpg']) {
      const left = await tagsOf(join(folder, name));
      expect(left.filter((tag) => /gps|location|title|artist|comment/i.test(tag))).toEqual([]);
    }
  });

  it('of one single frame is a poster and a rung as well', async () => {
    await clip(file('frame.mp4'), { width: 66, height: 50, fps: 25, seconds: 0.04, sound: false });
    const { made: video } = await make(file('frame.mp4'));
    expect(video.renditions.map((each) => each.name)).toEqual(['66.webp', '66.jpg']);
    expect(video.video.rungs).toMatchObject([{ width: 66, height: 50 }]);
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
    await hideFrames(file('wide.mp4'), file('hidden.mp4'));
    await clip(file('long.mp4'), { width: 64, height: 64, fps: 1, seconds: 31, sound: false });
    const reasons = {
      'cut.mp4': 'incomplete_video',
      'headless.mp4': 'invalid_video',
      'hidden.mp4': 'invalid_video',
      'sound.mp4': 'no_video',
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
    const here = () => commandsIn(scratch).filter((line) => line.startsWith('ffmpeg'));
    const stopped = make(file('slow.mp4'), stop.signal).catch((error: unknown) => error);
    await until('ffmpeg at work', () => here().length > 0, { everyMs: 5 });
    stop.abort(reason);
    expect(await stopped).toBe(reason);
    await until('its end', () => here().length === 0);
  });
});

/** Of every encoded frame, in the order of decoding. */
async function hashes(path: string): Promise<string[]> {
  const { stdout } = await exec('ffmpeg', [
    '-v',
    'error',
    '-i',
    path,
    '-map',
    '0:v:0',
    '-c',
    'copy',
    '-f',
    'framemd5',
    '-',
  ]);
  return stdout.split('\n').flatMap((line) => (line.startsWith('#') ? [] : (line.split(',').at(-1)?.trim() ?? [])));
}

/** An edit list that begins behind the last frame. */
async function hideFrames(from: string, to: string): Promise<void> {
  const bytes = await readFile(from);
  const mediaTime = bytes.indexOf('elst') + 16;
  bytes.writeInt32BE(10_000_000, mediaTime);
  await writeFile(to, bytes);
}
