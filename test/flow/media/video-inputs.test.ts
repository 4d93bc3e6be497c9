/** What phones, browsers and old cameras write, each made into what plays everywhere. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { announcedBy } from '../../../src/media/attempt.ts';
import { imagePool, videoMaker } from '../../../src/media/index.ts';
import { verifyFiles } from '../../../src/media/verify/index.ts';
import { longUnless } from '../../support/long.ts';
import {
  clip,
  corners,
  cornersOf,
  ffmpeg,
  makeVideo,
  markDolbyVision,
  probe,
  remux,
  setMatrix,
} from '../../support/videos.ts';

const images = imagePool({ processes: 1 });
const maker = videoMaker({ images, preset: 'ultrafast' });
let scratch = '';
let made = 0;

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'twolane-inputs-'));
});
afterAll(async () => {
  images.close();
  await rm(scratch, { recursive: true, force: true });
});

const file = (name: string) => join(scratch, name);

async function make(input: string) {
  made += 1;
  const output = file(`job-${made}/output`);
  await mkdir(output, { recursive: true });
  await mkdir(file(`job-${made}/scratch`));
  const making = { input: file(input), output, scratch: file(`job-${made}/scratch`) };
  const { signal } = new AbortController();
  const { video, width, height, renditions, files } = await makeVideo(maker, making, signal);
  // What was announced is what is there: each frame, the colours, nothing else.
  await verifyFiles(output, announcedBy({ renditions, files }), signal);
  const mp4 = join(output, video.mp4 ?? '');
  return { video, width, height, output, mp4, poster: join(output, video.poster) };
}

const frames = async (path: string) => (await probe(path, '-select_streams', 'v:0', '-show_packets')).length;
const streamsOf = (path: string) => probe(path, '-show_streams');

describe('A video', { timeout: 90_000 }, () => {
  const turns = {
    'a quarter to the right': [0, 1, -1, 0],
    'upside down': [-1, 0, 0, -1],
    mirrored: [-1, 0, 0, 1],
    'mirrored and turned': [0, 1, 1, 0],
  } as const;
  const often = new Set(['a quarter to the right', 'mirrored and turned']);
  describe.each(Object.entries(turns))('that is shown %s', (name, matrix) => {
    it('is stored upright, and so is its poster', longUnless(often.has(name)), async () => {
      const path = `${name}.mp4`;
      await ffmpeg('-f', 'lavfi', '-i', `${corners(96, 64)}`, '-t', '0.5', '-pix_fmt', 'yuv420p', file(path));
      await setMatrix(file(path), matrix);
      const { mp4, poster, width, height, video } = await make(path);
      expect([width, height]).toEqual(matrix[0] === 0 ? [64, 96] : [96, 64]);
      const shown = { ...turned('tl', matrix, 'red'), ...turned('tr', matrix, 'blue') };
      expect(await cornersOf(mp4)).toMatchObject(shown);
      expect(await cornersOf(poster)).toMatchObject(shown);
      expect(video.whyNotStandard).toContain('rotation');
    });
  });

  it.each([
    ['PQ', 'pq.mkv', 'smpte2084', undefined],
    // As phones record it: profile 8.4, whose base layer is HLG.
    ['HLG under Dolby Vision', 'hlg.mov', 'arib-std-b67', { profile: 8, compatibleWith: 4 }],
  ])('in HDR (%s) gets the tones of SDR, in its poster too', async (_kind, path, transfer, dolbyVision) => {
    const convert = `zscale=tin=bt709:min=bt709:pin=bt709:rin=tv:t=${transfer}:m=bt2020nc:p=bt2020:npl=100`;
    const tags = ['-color_primaries', 'bt2020', '-color_trc', transfer, '-colorspace', 'bt2020nc'];
    await ffmpeg(
      ...['-f', 'lavfi', '-i', `${corners(96, 64)},format=yuv444p,${convert},format=yuv420p10le`],
      ...['-t', '0.5', ...hevc, ...tags, file(path)],
    );
    if (dolbyVision) {
      await markDolbyVision(file(path), dolbyVision);
      const [stream] = await streamsOf(file(path));
      expect(stream?.side_data_list).toMatchObject([{ dv_profile: 8, dv_bl_signal_compatibility_id: 4 }]);
    }
    const { mp4, poster, video } = await make(path);
    const bt709 = { color_space: 'bt709', color_transfer: 'bt709', color_primaries: 'bt709', pix_fmt: 'yuv420p' };
    const [shown] = await streamsOf(mp4);
    expect(shown).toMatchObject(bt709);
    expect(shown?.side_data_list).toBeUndefined();
    expect(await cornersOf(mp4)).toMatchObject({ tl: 'red', tr: 'blue' });
    // Without tone mapping colours are washed out: red would have much green and blue in it.
    const [red = 0, green = 0, blue = 0] = [...(await sharp(poster).extract(corner).raw().toBuffer())];
    expect(red).toBeGreaterThan(120);
    expect(Math.max(green, blue)).toBeLessThan(red * 0.35);
    expect(video.whyNotStandard).toEqual(expect.arrayContaining(['video_codec', 'pixel_format', 'hdr']));
  });

  it('that a browser recorded, without a duration and at a changing rate, keeps each frame', async () => {
    const gaps = "select='not(eq(mod(n,4),1))'";
    const sound = ['-f', 'lavfi', '-i', 'sine=duration=2', '-c:a', 'libopus'];
    const picture = ['-f', 'lavfi', '-i', `testsrc2=size=96x64:rate=20:duration=2,${gaps}`, '-c:v', 'libvpx'];
    const options = ['-deadline', 'realtime', '-fps_mode', 'vfr', '-f', 'webm', '-live', '1', file('recorded.webm')];
    await ffmpeg(...picture.slice(0, 4), ...sound.slice(0, 4), ...picture.slice(4), ...sound.slice(4), ...options);
    const { video, mp4 } = await make('recorded.webm');
    expect(video.durationMs).toBeGreaterThan(1_900);
    expect(video.durationMs).toBeLessThan(2_100);
    expect(await frames(mp4)).toBe(30);
    expect((await streamsOf(mp4)).map((each) => each.codec_name)).toEqual(['h264', 'aac']);
    expect(video.whyNotStandard).toEqual(expect.arrayContaining(['container', 'video_codec', 'audio_codec']));
  });

  it('that declares 90,000 frames a second is taken at its real rate, and one with 240 comes down to 60', async () => {
    const jitter = "settb=1/90000,setpts='N*3003+mod(N*N*37,1400)'";
    const source = ['-f', 'lavfi', '-i', `testsrc2=size=96x64:rate=30:duration=1,${jitter}`];
    await ffmpeg(
      ...source,
      '-fps_mode',
      'passthrough',
      '-enc_time_base',
      '-1',
      '-pix_fmt',
      'yuv420p',
      file('absurd.mp4'),
    );
    const [declared] = await streamsOf(file('absurd.mp4'));
    expect(Number(String(declared?.r_frame_rate).replace('/1', ''))).toBeGreaterThan(1_000);
    const absurd = await make('absurd.mp4');
    expect(await frames(absurd.mp4)).toBe(30);
    expect(absurd.video.whyNotStandard).toContain('frame_rate');

    await clip(file('fast.mp4'), { width: 64, height: 64, fps: 240, seconds: 1, sound: false });
    const fast = await make('fast.mp4');
    expect(await frames(fast.mp4)).toBe(60);
  });

  it('of an old phone, with pixels that are not square, gets square ones', async () => {
    const source = ['-f', 'lavfi', '-i', 'testsrc2=size=176x144:rate=10:duration=1,setsar=12/11'];
    await ffmpeg(...source, '-f', 'lavfi', '-i', 'sine=duration=1', '-c:v', 'h263', '-c:a', 'aac', file('old.3gp'));
    const { mp4, width, height, video } = await make('old.3gp');
    expect([width, height]).toEqual([192, 144]);
    expect(await streamsOf(mp4)).toMatchObject([{ width: 192, height: 144, sample_aspect_ratio: '1:1' }, {}]);
    expect(video.whyNotStandard).toEqual(expect.arrayContaining(['video_codec', 'pixel_aspect_ratio']));
  });

  it('with odd sides, two tracks of sound, text, data and a cover shows the film and plays the preferred track', async () => {
    const cues = '1\n00:00:00,100 --> 00:00:00,900\nGood morning\n';
    await writeFile(file('cues.srt'), cues);
    await ffmpeg('-f', 'lavfi', '-i', 'color=c=red:size=32x32', '-frames:v', '1', file('cover.png'));
    await ffmpeg(
      ...[
        '-i',
        file('cover.png'),
        '-f',
        'lavfi',
        '-i',
        'testsrc=size=97x65:rate=10:duration=1',
        '-i',
        file('cues.srt'),
      ],
      ...['-f', 'lavfi', '-i', 'sine=frequency=300:duration=1', '-f', 'lavfi', '-i', 'sine=frequency=3000:duration=1'],
      ...[
        '-map',
        '0',
        '-map',
        '1',
        '-map',
        '3',
        '-map',
        '4',
        '-map',
        '2',
        '-c:v:0',
        'copy',
        '-disposition:v:0',
        'attached_pic',
      ],
      ...[
        '-c:v:1',
        'libx264',
        '-pix_fmt:v:1',
        'yuv444p',
        '-c:a',
        'aac',
        '-disposition:a:0',
        '0',
        '-disposition:a:1',
        'default',
      ],
      ...['-c:s', 'mov_text', '-metadata:s:s:0', 'language=eng', '-timecode', '00:00:00:00', file('full.mov')],
    );
    const { mp4, output, video, width, height } = await make('full.mov');
    expect([width, height]).toEqual([97, 65]);
    const [picture, sound, ...others] = await streamsOf(mp4);
    expect([picture, sound]).toMatchObject([{ width: 96, height: 64 }, { codec_name: 'aac' }]);
    expect(others).toEqual([]);
    // A high tone crosses zero more often than a low one.
    expect(await pitch(mp4)).toBeGreaterThan(2_000);
    expect(video.subtitles).toEqual([{ language: 'eng', file: 'video/subtitles_0.vtt' }]);
    expect(await readFile(join(output, 'video/subtitles_0.vtt'), 'utf8')).toMatch(
      /^WEBVTT\n\n00:00\.100 --> 00:00\.900\nGood/,
    );
    expect(await readFile(join(output, 'video/master.m3u8'), 'utf8')).toContain('TYPE=SUBTITLES,GROUP-ID="text"');
    const odd = ['odd_size', 'pixel_format', 'audio_tracks', 'extra_streams'];
    expect(video.whyNotStandard).toEqual(expect.arrayContaining(odd));
  });

  it('that was trimmed without being encoded shows what the trim has left', async () => {
    await clip(file('full.mp4'), { width: 96, height: 64, fps: 10, seconds: 3, options: ['-g', '30', '-bf', '2'] });
    await ffmpeg('-ss', '1', '-i', file('full.mp4'), '-c', 'copy', file('trimmed.mp4'));
    const { mp4, video } = await make('trimmed.mp4');
    expect(video.whyNotStandard).toContain('edit_list');
    expect(await frames(mp4)).toBe(20);
    expect(video.durationMs).toBeGreaterThanOrEqual(2_000);
    expect(video.durationMs).toBeLessThan(2_150);
  });

  it('in a Dolby Vision without a picture that others show is refused for that reason', async () => {
    await clip(file('five.mp4'), { width: 64, height: 64, seconds: 0.2, sound: false, options: hevc });
    await markDolbyVision(file('five.mp4'), { profile: 5, compatibleWith: 0 });
    await expect(make('five.mp4')).rejects.toMatchObject({ code: 'unsupported_codec', name: 'NonRetryableError' });
  });

  it('without pictures is refused for that reason', async () => {
    await remux(file('full.mp4'), file('sound.mp4'), '-vn');
    await expect(make('sound.mp4')).rejects.toMatchObject({ code: 'no_video', name: 'NonRetryableError' });
  });
});

const hevc = ['-c:v', 'libx265', '-x265-params', 'log-level=none', '-tag:v', 'hvc1'];
const corner = { left: 4, top: 4, width: 1, height: 1 };

/** Where a corner of the stored picture goes by its display matrix, and what is seen there. */
function turned(from: 'tl' | 'tr', [a, b, c, d]: readonly number[], colour: string): Record<string, string> {
  const [x, y] = [from === 'tl' ? -1 : 1, -1];
  const [right, down] = [(a ?? 0) * x + (c ?? 0) * y > 0, (b ?? 0) * x + (d ?? 0) * y > 0];
  return { [`${down ? 'b' : 't'}${right ? 'r' : 'l'}`]: colour };
}

/** Crossings of zero per second, halved: the frequency of a pure tone. */
async function pitch(path: string): Promise<number> {
  await ffmpeg('-i', path, '-map', '0:a', '-ac', '1', '-ar', '48000', '-f', 's16le', file('tone.raw'));
  const bytes = await readFile(file('tone.raw'));
  const samples = new Int16Array(bytes.buffer, bytes.byteOffset, bytes.length >> 1);
  const crossings = samples.filter((sample, at) => at > 0 && (samples[at - 1] ?? 0) < 0 !== sample < 0).length;
  return crossings / 2 / (samples.length / 48_000);
}
