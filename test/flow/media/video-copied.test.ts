/** Pictures that fit the largest rung are copied, not encoded; and frames keep their times. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { announcedBy } from '../../../src/media/attempt.ts';
import { imagePool, videoMaker } from '../../../src/media/index.ts';
import { verifyFiles } from '../../../src/media/verify/index.ts';
import { clip, ffmpeg, probe } from '../../support/videos.ts';

const exec = promisify(execFile);
const images = imagePool({ processes: 1 });
const maker = videoMaker({ images, preset: 'ultrafast', processes: 2 });
const { signal } = new AbortController();
let scratch = '';
let made = 0;

const bt709 = ['-vf', 'setparams=range=tv:color_primaries=bt709:color_trc=bt709:colorspace=bt709'];
/** H.264 with a keyframe every one and a half seconds, frames that refer to later ones, and a remark of the encoder in it. */
const fitting = [...bt709, '-preset', 'veryfast', '-bf', '2', '-g', '18', '-keyint_min', '18', '-sc_threshold', '0'];

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'twolane-copied-'));
  await clip(file('fits.mp4'), { width: 480, height: 400, fps: 12, seconds: 9, options: fitting });
});
afterAll(async () => {
  images.close();
  await rm(scratch, { recursive: true, force: true });
});

const file = (name: string) => join(scratch, name);

async function make(name: string) {
  made += 1;
  const making = { input: file(name), output: file(`${made}/output`), scratch: file(`${made}/scratch`), signal };
  await mkdir(making.output, { recursive: true });
  await mkdir(making.scratch);
  const plan = await maker.plan(making, signal);
  const all = await maker.make(plan, making);
  const { renditions, files } = all;
  await verifyFiles(making.output, announcedBy({ renditions, files }), signal);
  return { ...all, plan, output: making.output, mp4: join(making.output, all.video.mp4 ?? '') };
}

/** Of every picture as it is seen. */
async function pictures(path: string): Promise<string[]> {
  const { stdout } = await exec('ffmpeg', ['-v', 'error', '-i', path, '-map', '0:v', '-f', 'framemd5', '-']);
  return stdout.split('\n').flatMap((line) => (line.startsWith('#') ? [] : (line.split(',').at(-1)?.trim() ?? [])));
}

async function shown(path: string) {
  const packets = await probe(path, '-select_streams', 'v:0', '-show_packets');
  const times = packets.map((each) => Number(each.pts_time)).sort((a, b) => a - b);
  const keys = packets.filter((each) => String(each.flags).startsWith('K')).map((each) => Number(each.pts_time));
  return { times, keys };
}

const segments = (text: string) => [...text.matchAll(/^#EXTINF:([\d.]+)/gm)].map((found) => Number(found[1]));
const playlist = (output: string, stream: number) => readFile(join(output, `video/media_${stream}.m3u8`), 'utf8');

describe('Pictures that fit the largest rung', { timeout: 90_000 }, () => {
  it('are copied, in segments that lie side by side with those of the other rungs, and leave remarks behind', async () => {
    const { video, output, mp4 } = await make('fits.mp4');
    expect(video.whyNotStandard).toEqual([]);
    expect(await pictures(mp4)).toEqual(await pictures(file('fits.mp4')));
    expect((await shown(mp4)).times).toHaveLength(9 * 12);
    expect(segments(await playlist(output, 0))).toEqual([4.5, 4.5]);
    expect(segments(await playlist(output, 1))).toEqual([4.5, 4.5]);
    expect((await readFile(file('fits.mp4'))).includes('x264 - core')).toBe(true);
    expect((await readFile(mp4)).includes('x264 - core')).toBe(false);
  });

  it('but are damaged inside are encoded from what can be read of them', async () => {
    const bytes = await readFile(file('fits.mp4'));
    const middle = bytes.indexOf('mdat') + Math.floor(bytes.length / 2);
    bytes.fill(0x55, middle, middle + 600);
    await writeFile(file('damaged.mp4'), bytes);
    const { plan, mp4, output } = await make('damaged.mp4');
    expect(plan.bench.info.asIs).toBeDefined();
    expect((await readFile(mp4)).includes(bytes.subarray(middle, middle + 600))).toBe(false);
    expect(segments(await playlist(output, 0))).toEqual(segments(await playlist(output, 1)));
  });

  it.each([
    ['keyframes that are far apart', 'gop_size', ['-g', '70', '-keyint_min', '70']],
    ['frames that need what is before their keyframe', 'gop_size', ['-x264-params', 'open-gop=1:b-adapt=0']],
    ['a larger range of colours', 'colour', ['-color_range', 'pc']],
    ['a profile that few players decode', 'profile', ['-profile:v', 'high444', '-qp', '0']],
  ])('do not when they have %s', async (_what, reason, options) => {
    const name = `${options[1]}.mp4`.replaceAll(/[:=]/g, '-');
    await clip(file(name), {
      width: 64,
      height: 64,
      fps: 12,
      seconds: 6,
      sound: false,
      options: [...fitting, ...options],
    });
    await mkdir(file(`plan-${name}`));
    const { bench } = await maker.plan({ input: file(name), scratch: file(`plan-${name}`) }, signal);
    expect(bench.info.oddities).toContain(reason);
    expect(bench.info.asIs).toBeUndefined();
  });
});

describe('A recording with pauses', { timeout: 90_000 }, () => {
  it('is told to players with the times of its frames', async () => {
    // Two seconds of frames, then some that stand for a while each.
    const uneven = "select='lt(mod(t,5),2)+not(mod(n,41))'";
    const source = ['-f', 'lavfi', '-i', `testsrc2=size=64x64:rate=30:duration=20,${uneven}`];
    await ffmpeg(
      ...source,
      '-fps_mode',
      'vfr',
      '-c:v',
      'libx264',
      '-bf',
      '2',
      '-pix_fmt',
      'yuv420p',
      file('uneven.mp4'),
    );
    const { output, mp4 } = await make('uneven.mp4');
    const from = await shown(file('uneven.mp4'));
    const now = await shown(mp4);
    expect(now.times.map((at) => at.toFixed(3))).toEqual(from.times.map((at) => at.toFixed(3)));
    const lengths = segments(await playlist(output, 0));
    const begins = lengths.map((_each, at) => lengths.slice(0, at).reduce((sum, length) => sum + length, 0));
    expect(lengths.length).toBeGreaterThan(3);
    for (const begin of begins)
      expect(
        now.keys.some((key) => Math.abs(key - begin) < 0.001),
        `${begin}`,
      ).toBe(true);
    const mpd = await readFile(join(output, 'video/manifest.mpd'), 'utf8');
    const told = [...mpd.matchAll(/<S t="(\d+)"/g)].map((found) => Number(found[1]) / 90_000);
    for (const [at, begin] of begins.entries()) expect(told[at]).toBeCloseTo(begin, 3);
    expect(mpd).toContain(`mediaPresentationDuration="PT${lengths.reduce((sum, each) => sum + each, 0).toFixed(3)}S"`);
  });
});
