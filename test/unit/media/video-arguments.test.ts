/** What ffmpeg is told, and what is believed of what ffprobe says. */
import { describe, expect, it } from 'vitest';
import { hlsCall, posterCall, probeArguments } from '../../../src/media/video/arguments.ts';
import { planVideo } from '../../../src/media/video/plan.ts';
import { probeReport, readReport, type VideoInfo } from '../../../src/media/video/probe-report.ts';
import { percentOf } from '../../../src/media/video/progress.ts';
import { commandLine } from '../../../src/media/video/run.ts';

const limits = { maxDurationS: 600, maxPixels: 40_000_000, maxStreams: 32 };
const info: VideoInfo = {
  videoIndex: 1,
  audioIndex: 0,
  width: 1920,
  height: 1080,
  durationS: 60,
  fps: 30,
  hdr: false,
};

/** The value that follows an option. */
function argumentOf(args: readonly string[], option: string): string | undefined {
  return args[args.indexOf(option) + 1];
}

describe('The ffmpeg command line', () => {
  const args = commandLine(hlsCall('/private/upload', info, planVideo(info), limits));
  const input = args.slice(0, args.indexOf('-i'));

  it.each([
    ['the rung', args],
    ['the poster', commandLine(posterCall('/private/upload', info, info, '/private/poster.png', limits))],
    ['the probe', ['-i', ...probeArguments('/private/upload', 'upload', limits)]],
  ])('opens %s with one demuxer, files only, and bounded', (_what, line) => {
    expect(argumentOf(line, '-protocol_whitelist')).toBe('file');
    expect(argumentOf(line, '-format_whitelist')).toBe('mov,mp4,m4a,3gp,3g2,mj2');
    expect(argumentOf(line, '-max_pixels')).toBe('40000000');
    expect(line).toContain('file:/private/upload');
  });

  it('puts every guard before the input, where it counts', () => {
    for (const guard of ['-nostdin', '-protocol_whitelist', '-format_whitelist', '-max_alloc', '-timelimit', '-t'])
      expect(input).toContain(guard);
  });

  it('asks for H.264 and AAC in fMP4 segments with keyframes every two seconds', () => {
    expect(argumentOf(args, '-c:v')).toBe('libx264');
    expect(argumentOf(args, '-c:a')).toBe('aac');
    expect(argumentOf(args, '-hls_segment_type')).toBe('fmp4');
    expect(argumentOf(args, '-force_key_frames')).toBe('expr:gte(t,n_forced*2)');
    expect(argumentOf(args, '-vf')).toBe('scale=1280:720:flags=bicubic,setsar=1,format=yuv420p');
    expect(args.filter((_each, index) => args[index - 1] === '-map')).toEqual(['0:1', '0:0']);
  });

  it('takes no metadata and no chapters along', () => {
    expect(argumentOf(args, '-map_metadata')).toBe('-1');
    expect(argumentOf(args, '-map_chapters')).toBe('-1');
  });

  it('maps tones of HDR and leaves sound out where there is none', () => {
    const silent = { ...info, hdr: true, audioIndex: undefined };
    const line = commandLine(hlsCall('/private/upload', silent, planVideo(silent), limits));
    expect(argumentOf(line, '-vf')).toContain('tonemap=hable');
    expect(line).not.toContain('-c:a');
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
    expect(read({ streams })).toMatchObject({ videoIndex: 1, audioIndex: 3 });
  });

  it.each([
    ['invalid_video', { streams: [{ index: 0, codec_type: 'audio', codec_name: 'aac' }] }],
    ['invalid_video', { streams: [{ ...video, duration: '0' }] }],
    ['too_long', { streams: [{ ...video, duration: '36000' }] }],
    ['too_many_pixels', { streams: [{ ...video, width: 30_000, height: 30_000 }] }],
    ['too_many_streams', { streams: Array.from({ length: 33 }, () => video) }],
    ['unsupported_codec', { streams: [{ ...video, codec_name: 'cinepak' }] }],
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
