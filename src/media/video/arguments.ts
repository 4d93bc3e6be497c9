/** Every argument that ffmpeg and ffprobe are given, as pure functions: nothing here touches a file or a process. */
import { keyframeEveryS, segmentS, type VideoPlan } from './plan.ts';
import type { VideoInfo, VideoLimits } from './probe-report.ts';

/** The parts of an ffmpeg call in the order in which ffmpeg wants them. */
export interface FfmpegCall {
  input: string;
  inputOptions: string[];
  outputOptions: string[];
  output: string;
}

export const hls = { master: 'master.m3u8', playlist: 'video.m3u8', init: 'init.mp4', segments: '%05d.m4s' } as const;

/** The one demuxer for uploads: without this list a playlist named .mp4 would read its neighbours' files. */
const uploadFormats = 'mov,mp4,m4a,3gp,3g2,mj2';
const rungFormats = `hls,${uploadFormats}`;

function guards(formats: string, limits: VideoLimits): string[] {
  return [
    ...['-protocol_whitelist', 'file'],
    ...['-format_whitelist', formats],
    ...['-max_streams', String(limits.maxStreams + 1)],
    ...['-max_pixels', String(limits.maxPixels)],
  ];
}

const quiet = ['-hide_banner', '-v', 'error'];

/** ffprobe of an upload (`upload`) or of a rung of ours (`rung`). */
export function probeArguments(path: string, source: 'upload' | 'rung', limits: VideoLimits): string[] {
  const formats = source === 'upload' ? uploadFormats : rungFormats;
  const report = ['-print_format', 'json', '-show_format', '-show_streams'];
  return [...quiet, ...guards(formats, limits), ...report, `file:${path}`];
}

/** ffprobe of something that we made: streams, tags, and how many frames there are, which reads every packet. */
export function readBackArguments(path: string): string[] {
  const report = ['-print_format', 'json', '-count_packets', '-show_format', '-show_streams', '-show_chapters'];
  return [
    ...quiet,
    '-protocol_whitelist',
    'file',
    '-format_whitelist',
    `dash,${rungFormats}`,
    ...report,
    `file:${path}`,
  ];
}

function readUpload(limits: VideoLimits, cpuLimitS: number): string[] {
  return [
    ...quiet,
    ...['-nostdin', '-nostats', '-progress', 'pipe:1', '-stats_period', '0.5'],
    ...['-max_alloc', String(1024 ** 3)],
    ...['-timelimit', String(cpuLimitS)],
    ...guards(uploadFormats, limits),
    // A header may promise less than the file holds.
    ...['-t', String(limits.maxDurationS)],
  ];
}

/** Nothing of the source but pictures and sound: no tags, chapters, subtitles, data, or names of encoders. */
const noMetadata = ['-sn', '-dn', '-map_metadata', '-1', '-map_chapters', '-1', '-fflags', '+bitexact'];

/** BT.2020 PQ or HLG to BT.709, after the scaling because it works on floating point pixels. */
const toneMap = [
  'zscale=t=linear:npl=100',
  'format=gbrpf32le',
  'zscale=p=bt709',
  'tonemap=hable:desat=0',
  'zscale=t=bt709:m=bt709:r=tv',
];

function filters(size: { width: number; height: number }, info: VideoInfo, fps?: number): string {
  return [
    ...(fps ? [`fps=${fps}`] : []),
    `scale=${size.width}:${size.height}:flags=bicubic`,
    'setsar=1',
    ...(info.hdr ? toneMap : []),
    'format=yuv420p',
  ].join(',');
}

/** One 720p rung as HLS with fMP4 segments, written to the working folder. Keyframes begin every 2 s and every segment. */
export function hlsCall(input: string, info: VideoInfo, plan: VideoPlan, limits: VideoLimits): FfmpegCall {
  return {
    input: `file:${input}`,
    inputOptions: readUpload(limits, cpuLimitS(info)),
    outputOptions: [
      ...['-map', `0:${info.videoIndex}`],
      ...noMetadata,
      ...videoOptions(info, plan),
      ...(info.audioIndex === undefined ? [] : soundOptions(info.audioIndex)),
      ...['-f', 'hls', '-hls_playlist_type', 'vod', '-hls_time', String(segmentS)],
      ...['-hls_flags', 'independent_segments', '-hls_segment_type', 'fmp4'],
      ...['-hls_fmp4_init_filename', hls.init, '-hls_segment_filename', hls.segments],
      ...['-master_pl_name', hls.master],
    ],
    output: hls.playlist,
  };
}

function videoOptions(info: VideoInfo, plan: VideoPlan): string[] {
  return [
    ...['-vf', filters(plan, info, plan.fps), '-fps_mode', 'vfr'],
    ...['-c:v', 'libx264', '-preset', 'veryfast', '-profile:v', 'high', '-crf', '23', '-flags:v', '+bitexact'],
    ...['-maxrate', String(plan.maxBitrate), '-bufsize', String(2 * plan.maxBitrate)],
    // Only the forced keyframes: the group size is beyond 2 s at 60 frames a second, and scene cuts add none.
    ...['-force_key_frames', `expr:gte(t,n_forced*${keyframeEveryS})`, '-forced-idr', '1'],
    ...['-g', '600', '-sc_threshold', '0'],
  ];
}

function soundOptions(index: number): string[] {
  return [
    ...['-map', `0:${index}`, '-c:a', 'aac', '-b:a', '128k', '-ac', '2', '-ar', '48000', '-flags:a', '+bitexact'],
    // Fills gaps, so that sound stays with the picture.
    ...['-af', 'aresample=async=1:first_pts=0'],
  ];
}

/** One frame as PNG: the first of a very short video, else the one after a second. */
export function posterCall(
  input: string,
  info: VideoInfo,
  size: { width: number; height: number },
  output: string,
  limits: VideoLimits,
): FfmpegCall {
  return {
    input: `file:${input}`,
    inputOptions: [...readUpload(limits, 120), '-ss', info.durationS > 2 ? '1' : '0'],
    outputOptions: [
      ...['-map', `0:${info.videoIndex}`, ...noMetadata, '-frames:v', '1', '-vf', filters(size, info)],
      ...['-f', 'image2', '-update', '1', '-c:v', 'png', '-pix_fmt', 'rgb24', '-compression_level', '1'],
    ],
    output,
  };
}

/** CPU seconds: far above what a video of this length can need. */
function cpuLimitS(info: VideoInfo): number {
  return Math.ceil(600 + info.durationS * 60);
}
