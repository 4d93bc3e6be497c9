/** What every call of ffmpeg and ffprobe has in common: how it is written down, and the guards in front of each input. */
import type { VideoLimits } from './probe-report.ts';

/** One end of an ffmpeg call: the options stand before its path. */
export interface CallEnd {
  options: readonly string[];
  path: string;
}

export interface FfmpegCall {
  inputs: readonly CallEnd[];
  outputs: readonly CallEnd[];
}

/** The demuxers for uploads: without this list a playlist named .mp4 would read its neighbours' files. */
export const uploadFormats = 'mov,mp4,m4a,3gp,3g2,mj2,matroska,webm';
/** What we write between two steps, and at the end. */
export const ownFormats = 'mpegts,mov,mp4,m4a,3gp,3g2,mj2';

export const quiet = ['-hide_banner', '-v', 'error'];

/** In front of an input: files only, and only in these formats. */
export function guards(formats: string, limits: VideoLimits): string[] {
  return [
    ...['-protocol_whitelist', 'file'],
    ...['-format_whitelist', formats],
    ...['-max_streams', String(limits.maxStreams + 1)],
    ...['-max_pixels', String(limits.maxPixels)],
  ];
}

/** What goes for a whole call of ffmpeg; it stands before the first input. */
export function general(cpuLimitS: number): string[] {
  return [
    ...quiet,
    ...['-nostdin', '-nostats', '-progress', 'pipe:1', '-stats_period', '0.5'],
    ...['-max_alloc', String(1024 ** 3)],
    ...['-timelimit', String(cpuLimitS)],
  ];
}

/**
 * The upload as an input on one clock: zero is where the file begins, whichever part is read.
 * @param fromS seconds to skip, to the keyframe before them
 */
export function upload(path: string, limits: VideoLimits, fromS = 0): CallEnd {
  const seek = fromS > 0 ? ['-noaccurate_seek', '-ss', String(fromS)] : [];
  return { path: `file:${path}`, options: [...guards(uploadFormats, limits), '-copyts', '-start_at_zero', ...seek] };
}

/** Nothing of the source but pictures and sound: no tags, chapters, or names of encoders. */
export const noMetadata = ['-map_metadata', '-1', '-map_chapters', '-1', '-fflags', '+bitexact'];

/** CPU seconds: far above what a video of this length can need. */
export function cpuLimitS(durationS: number): number {
  return Math.ceil(600 + durationS * 120);
}

/** ffprobe of the pictures of a transport stream: a line for each packet, which begins with K for a frame that needs no other. */
export function frameArguments(path: string, limits: VideoLimits): string[] {
  const flags = ['-select_streams', 'v', '-show_entries', 'packet=flags', '-of', 'csv=p=0'];
  return [...quiet, ...guards('mpegts', limits), ...flags, `file:${path}`];
}

/** ffprobe of something that we made: streams, tags, and how many frames there are, which reads every packet. */
export function readBackArguments(path: string): string[] {
  const report = ['-print_format', 'json', '-count_packets', '-show_format', '-show_streams', '-show_chapters'];
  const formats = ['-protocol_whitelist', 'file', '-format_whitelist', `hls,dash,${ownFormats}`];
  return [...quiet, ...formats, ...report, `file:${path}`];
}
