/** What ffmpeg is told, and what is believed of what ffprobe says. */
import { describe, expect, it } from 'vitest';
import { uploadFormats } from '../../../src/media/video/call.ts';
import { keyTimes, planLadder } from '../../../src/media/video/ladder.ts';
import { masterPlaylist } from '../../../src/media/video/manifests.ts';
import { cutTimes, picturesCall, whole } from '../../../src/media/video/pictures-call.ts';
import { probeArguments } from '../../../src/media/video/probe.ts';
import { probeReport, readReport, type VideoInfo } from '../../../src/media/video/probe-report.ts';
import { percentOf } from '../../../src/media/video/progress.ts';
import { commandLine } from '../../../src/media/video/run.ts';
import { stretchesOf } from '../../../src/media/video/side-by-side.ts';
import { gainFrom, loudnessCall, soundCall } from '../../../src/media/video/sound-call.ts';
import { posterCall } from '../../../src/media/video/still-calls.ts';
import { planSheet, storyboardVtt } from '../../../src/media/video/storyboard.ts';
import { subtitlesCall } from '../../../src/media/video/subtitles.ts';

const limits = { maxDurationS: 600, maxPixels: 40_000_000, maxStreams: 32 };
const info: VideoInfo = {
  videoIndex: 1,
  codec: 'h264',
  audio: { index: 0, codec: 'aac' },
  subtitles: [{ index: 2, language: 'eng' }],
  width: 1920,
  height: 1080,
  durationS: 60,
  fps: 30,
  bitrate: 8_000_000,
  colour: 'sdr',
  untaggedMatrix: undefined,
  oddities: [],
};
const rungs = planLadder(info);
const pictures = (part = whole, about = info) =>
  commandLine(picturesCall('/private/upload', { info: about, part, rungs, preset: 'veryfast' }, limits));

/** The value that follows an option. */
function argumentOf(args: readonly string[], option: string): string | undefined {
  return args[args.indexOf(option) + 1];
}

describe('The ffmpeg command line', () => {
  const subtitles = subtitlesCall('/private/upload', info, limits);
  const lines: [string, string[]][] = [
    ['the rungs', pictures()],
    ['a part', pictures({ fromS: 16, toS: 32 })],
    ['the loudness', commandLine(loudnessCall('/private/upload', info, 0, limits))],
    ['the sound', commandLine(soundCall('/private/upload', info, { index: 0, gainDb: 3 }, limits))],
    ['the text', subtitles ? commandLine(subtitles) : []],
    ['the poster', commandLine(posterCall('/private/upload', info, '/private/poster.png', limits))],
    ['the probe', ['-i', ...probeArguments('/private/upload', uploadFormats, limits)]],
  ];
  it.each(lines)('opens %s with the demuxers of phones, files only, and bounded', (_what, line) => {
    expect(argumentOf(line, '-protocol_whitelist')).toBe('file');
    expect(argumentOf(line, '-format_whitelist')).toBe('mov,mp4,m4a,3gp,3g2,mj2,matroska,webm');
    expect(argumentOf(line, '-max_pixels')).toBe('40000000');
    expect(line).toContain('file:/private/upload');
  });

  it('puts every guard before the input, where it counts', () => {
    const args = pictures();
    const input = args.slice(0, args.indexOf('-i'));
    for (const guard of ['-nostdin', '-protocol_whitelist', '-format_whitelist', '-max_alloc', '-timelimit'])
      expect(input).toContain(guard);
  });

  it('decodes once for all rungs, each scaled from the one above', () => {
    const graph = argumentOf(pictures(), '-filter_complex')?.split(';') ?? [];
    expect(graph).toHaveLength(5);
    expect(graph[0]).toMatch(/^\[0:1\]scale=1920:1080:.*,split\[rung0\]\[next1\]$/);
    expect(graph[4]).toMatch(/^\[next4\]scale=426:240:flags=bicubic,setsar=0\[rung4\]$/);
  });

  it('cuts a part by time alone and begins to decode a little before it', () => {
    const args = pictures({ fromS: 16, toS: 32 });
    expect(argumentOf(args, '-ss')).toBe('15.5');
    expect(argumentOf(args, '-filter_complex')).toContain('[0:1]trim=start=16:end=32,');
    expect(argumentOf(args, '-force_key_frames')).toBe('16,18,20,22,24,26,28,30');
    expect(keyTimes(3)).toEqual([0, 2]);
  });

  it('cuts stretches where all rungs have keyframes, none of them short', () => {
    expect(stretchesOf({ ...info, durationS: 20 }, 2)).toEqual([
      { fromS: 0, toS: 10 },
      { fromS: 10, toS: undefined },
    ]);
    expect(stretchesOf({ ...info, durationS: 11 }, 16).map(({ fromS }) => fromS)).toEqual([0, 6]);
    expect(stretchesOf({ ...info, durationS: 7 }, 16)).toEqual([whole]);
    const about = { ...info, durationS: 9, asIs: { frames: 270, keysS: [0, 1.5, 3, 4.5, 6, 7.5] } };
    const [, second] = stretchesOf(about, 2);
    expect(second).toEqual({ fromS: 4.499, toS: undefined });
    expect(argumentOf(pictures(second, about), '-force_key_frames')).toBe('4.499,5.999,7.499');
    expect(cutTimes(about)).toContain(second?.fromS);
  });

  it('takes no metadata and no chapters along', () => {
    for (const [, line] of lines.slice(0, -1)) {
      if (line.includes('null')) continue;
      expect(argumentOf(line, '-map_metadata')).toBe('-1');
      expect(argumentOf(line, '-map_chapters')).toBe('-1');
    }
  });

  it('maps tones of HDR and thins out what is too fast', () => {
    const graph = (about: Partial<VideoInfo>) => argumentOf(pictures(whole, { ...info, ...about }), '-filter_complex');
    expect(graph({ colour: 'hdr' })).toContain('tonemap=hable');
    expect(graph({})).not.toContain('tonemap');
    expect(graph({ fps: 240 })).toContain('select=');
    expect(graph({ fps: 60 })).not.toContain('select=');
  });
});

describe('The loudness', () => {
  const printed = (lufs: string) => `Integrated loudness:\n    I:         ${lufs} LUFS\n    Threshold: -30 LUFS`;

  it('is brought to -16 LUFS, silence is left alone, and nothing is lifted by more than 20 dB', () => {
    expect(gainFrom(printed('-21.8'))).toBe(5.8);
    expect(gainFrom(printed('-9.0'))).toBe(-7);
    expect(gainFrom(printed('-70.0'))).toBe(0);
    expect(gainFrom(printed('-45.0'))).toBe(20);
    expect(gainFrom('nothing')).toBe(0);
  });
});

describe('The storyboard', () => {
  it('has a tile for every two seconds, and at most a hundred', () => {
    expect(planSheet({ width: 1920, height: 1080, durationS: 9 })).toMatchObject({ width: 160, height: 90, tiles: 5 });
    expect(planSheet({ width: 1080, height: 1920, durationS: 3_600 })).toMatchObject({
      width: 90,
      height: 160,
      everyS: 36,
    });
    const sheet = planSheet({ width: 1920, height: 1080, durationS: 23 });
    expect(sheet).toMatchObject({ columns: 10, rows: 2, tiles: 12 });
    expect(storyboardVtt(sheet, 23, 'sheet.jpg').trim().split('\n').slice(-2)).toEqual([
      '00:00:22.000 --> 00:00:23.000',
      'sheet.jpg#xywh=160,90,160,90',
    ]);
  });
});

describe('The master playlist', () => {
  const sound = { peak: 130_000, average: 120_000 };
  const rungsMade = [{ width: 426, height: 240, peak: 400_000, average: 300_000 }];

  it('names the rates of pictures and sound together, and tracks of text', () => {
    const subtitles = [{ language: 'eng', file: 'subtitles_0.vtt' }];
    const text = masterPlaylist(['avc1.64000c', 'mp4a.40.2'], { rungs: rungsMade, sound, fps: 30, subtitles });
    expect(text).toContain(
      'BANDWIDTH=530000,AVERAGE-BANDWIDTH=420000,RESOLUTION=426x240,FRAME-RATE=30.000,CODECS="avc1.64000c,mp4a.40.2"',
    );
    expect(text).toContain('TYPE=SUBTITLES,GROUP-ID="text",NAME="eng 1",LANGUAGE="eng"');
  });

  it('of a silent video promises no sound', () => {
    const text = masterPlaylist(['avc1.64000c'], { rungs: rungsMade, sound: undefined, fps: 0, subtitles: [] });
    expect(text).not.toMatch(/AUDIO|SUBTITLES|FRAME-RATE|mp4a/);
  });
});

describe('The probe report', () => {
  const video = { index: 0, codec_type: 'video', codec_name: 'h264', width: 1920, height: 1080, duration: '10.5' };
  const read = (report: unknown) => readReport(probeReport.parse(report), limits);

  it('knows the size as it is shown: rotated and with square pixels', () => {
    const rotated = { ...video, side_data_list: [{ rotation: -90 }] };
    expect(read({ streams: [rotated] })).toMatchObject({ width: 1080, height: 1920, durationS: 10.5 });
    const wide = { ...video, width: 720, height: 576, sample_aspect_ratio: '16:11' };
    expect(read({ streams: [wide] })).toMatchObject({ width: 1047, height: 576 });
    expect(read({ streams: [{ ...video, sample_aspect_ratio: '0:1' }] })).toMatchObject({ width: 1920 });
  });

  it('passes over cover art and over sound that can not be read', () => {
    const cover = { ...video, codec_name: 'mjpeg', disposition: { attached_pic: 1 } };
    const streams = [
      cover,
      { ...video, index: 1 },
      { index: 2, codec_type: 'audio' },
      { index: 3, codec_type: 'audio', codec_name: 'aac' },
    ];
    expect(read({ streams })).toMatchObject({ videoIndex: 1, audio: { index: 3 } });
  });

  it('takes the track of sound that the file prefers, and a language only if it is one', () => {
    const aac = { codec_type: 'audio', codec_name: 'aac' };
    const text = { codec_type: 'subtitle', codec_name: 'mov_text', index: 4, tags: { language: '<b>' } };
    const streams = [video, { ...aac, index: 1 }, { ...aac, index: 2, disposition: { default: 1 } }, text];
    expect(read({ streams })).toMatchObject({ audio: { index: 2 }, subtitles: [{ index: 4, language: 'und' }] });
  });

  it.each([
    ['no_video', { streams: [{ index: 0, codec_type: 'audio', codec_name: 'aac' }] }],
    ['invalid_video', { streams: [{ index: 0, codec_type: 'data' }] }],
    ['too_long', { streams: [{ ...video, duration: '36000' }] }],
    ['too_many_pixels', { streams: [{ ...video, width: 30_000, height: 30_000 }] }],
    ['too_many_streams', { streams: Array.from({ length: 33 }, () => video) }],
    ['unsupported_codec', { streams: [{ ...video, codec_name: 'cinepak' }] }],
    [
      'unsupported_codec',
      { streams: [{ ...video, side_data_list: [{ dv_profile: 5, dv_bl_signal_compatibility_id: 0 }] }] },
    ],
  ])('refuses with %s, for good', (code, report) => {
    expect(() => read(report)).toThrowError(expect.objectContaining({ code, name: 'NonRetryableError' }));
  });
});

describe('The progress of ffmpeg', () => {
  it('is the time reached as a share of the duration, between 0 and 100', () => {
    expect(percentOf('out_time_us=5000000', 20)).toBe(25);
    expect(percentOf('out_time_us=-66000', 20)).toBe(0);
    expect(percentOf('out_time_us=90000000', 20)).toBe(100);
    expect(percentOf('out_time_us=N/A', 20)).toBeUndefined();
    expect(percentOf('frame=12', 20)).toBeUndefined();
  });
});
