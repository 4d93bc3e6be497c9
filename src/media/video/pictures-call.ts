/** Encoding pictures: one decode, all rungs. A part of the video is called like the whole. */
import { type CallEnd, cpuLimitS, type FfmpegCall, general, noMetadata, upload } from './call.ts';
import { fewerFrames, smaller, toSdr } from './filters.ts';
import { keyTimes, maxFps, type Rung } from './ladder.ts';
import type { VideoInfo, VideoLimits } from './probe-report.ts';

/** A stretch of the video, seconds: from the first frame at or after `fromS` to the last before `toS`. */
export interface Part {
  fromS: number;
  /** Undefined: to the end, wherever that is. */
  toS: number | undefined;
}

export const whole: Part = { fromS: 0, toS: undefined };

/**
 * Parts are transport streams, since these keep times as they are and parts of one rung are joined by their bytes. Times begin
 * here, because a first frame may be decoded before it is shown and a transport stream knows no time below zero.
 */
export const clockStartS = 10;

/** Seconds of decoding ahead of a part: containers look keyframes up by decoding time. */
const run = 0.5;

export interface PicturesToEncode {
  info: VideoInfo;
  part: Part;
  /** Those to encode, the smallest first. */
  rungs: readonly Rung[];
  /** A preset of x264. */
  preset: string;
  /** Of the decoder and of each encoder. Default: as many as ffmpeg likes. */
  threads?: number | undefined;
}

export const partName = (rung: Pick<Rung, 'name'>) => `${rung.name}.ts`;

/** Writes one file for each rung to the working folder. */
export function picturesCall(input: string, wanted: PicturesToEncode, limits: VideoLimits): FfmpegCall {
  const { info, part, rungs } = wanted;
  const source = upload(input, limits, Math.max(0, part.fromS - run));
  const largestFirst = [...rungs].reverse();
  return {
    inputs: [{ ...source, options: [...general(cpuLimitS(info.durationS)), ...threadsOf(wanted), ...source.options] }],
    outputs: largestFirst.map((rung, place) => {
      const graph = place === 0 ? ['-filter_complex', graphOf(wanted, largestFirst)] : [];
      return output(rung, place, wanted, graph);
    }),
  };
}

const threadsOf = ({ threads }: PicturesToEncode) => (threads === undefined ? [] : ['-threads', String(threads)]);

function output(rung: Rung, place: number, wanted: PicturesToEncode, before: string[]): CallEnd {
  const { info, part, preset } = wanted;
  const toS = part.toS ?? Number.POSITIVE_INFINITY;
  const times = cutTimes(info).filter((atS) => atS >= part.fromS && atS < toS);
  return {
    options: [
      ...before,
      ...['-map', `[rung${place}]`, ...noMetadata],
      // Times as they are, on a clock fine enough for every rate; the declared rate may be absurd.
      ...['-fps_mode', 'vfr', '-enc_time_base', '1:90000', '-fpsmax', String(maxFps)],
      ...[
        '-c:v',
        'libx264',
        ...threadsOf(wanted),
        '-preset',
        preset,
        '-profile:v',
        'high',
        '-crf',
        '23',
        '-flags:v',
        '+bitexact',
      ],
      ...['-maxrate', String(rung.maxBitrate), '-bufsize', String(2 * rung.maxBitrate)],
      ...['-color_primaries', 'bt709', '-color_trc', 'bt709', '-colorspace', 'bt709', '-color_range', 'tv'],
      // Only the forced keyframes: the group size is beyond 2 s at 60 frames a second, and scene cuts add none.
      ...['-force_key_frames', times.join(','), '-forced-idr', '1', '-g', '600', '-sc_threshold', '0'],
      ...transport,
    ],
    path: partName(rung),
  };
}

/** Where all rungs have their keyframes, seconds: a part may begin at any of these. */
export function cutTimes(info: VideoInfo): number[] {
  // Those of what is copied, a little early: their times were rounded.
  return info.asIs?.keysS.map((atS) => Math.max(0, atS - 0.001)) ?? keyTimes(info.durationS);
}

const transport = [
  ...['-f', 'mpegts', '-muxdelay', '0', '-muxpreload', '0', '-mpegts_flags', '+initial_discontinuity'],
  ...['-output_ts_offset', String(clockStartS)],
];

/** H.264 as it is, without what cameras write between the frames (SEI: type 6), and with its colours said. */
const cleaned = [
  'h264_mp4toannexb',
  'filter_units=remove_types=6',
  'h264_metadata=video_full_range_flag=0:colour_primaries=1:transfer_characteristics=1:matrix_coefficients=1',
];

/** Writes the pictures of the upload as they are, as this rung. */
export function copyCall(input: string, rung: Rung, info: VideoInfo, limits: VideoLimits): FfmpegCall {
  const source = upload(input, limits);
  const options = ['-map', `0:${info.videoIndex}`, ...noMetadata, '-c:v', 'copy', '-bsf:v', cleaned.join(',')];
  return {
    inputs: [{ ...source, options: [...general(cpuLimitS(info.durationS)), ...source.options] }],
    outputs: [{ options: [...options, ...transport], path: partName(rung) }],
  };
}

/** Each rung is scaled from the one above it. */
function graphOf({ info, part }: PicturesToEncode, largestFirst: readonly Rung[]): string {
  const bounds = [
    ...(part.fromS > 0 ? [`start=${part.fromS}`] : []),
    ...(part.toS === undefined ? [] : [`end=${part.toS}`]),
  ];
  const start = [...(bounds.length > 0 ? [`trim=${bounds.join(':')}`] : []), ...fewerFrames(info.fps)];
  return largestFirst
    .map((rung, place) => {
      const from = place === 0 ? `[0:${info.videoIndex}]` : `[next${place}]`;
      const scaled = place === 0 ? [...start, toSdr(rung, info)] : [smaller(rung)];
      const to = place === largestFirst.length - 1 ? `[rung${place}]` : `,split[rung${place}][next${place + 1}]`;
      return `${from}${scaled.join(',')}${to}`;
    })
    .join(';');
}
