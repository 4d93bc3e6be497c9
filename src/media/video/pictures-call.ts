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
  /** One that gets the pictures of the upload as they are. */
  copied?: Rung | undefined;
  /** A preset of x264. */
  preset: string;
}

export const partName = (rung: Pick<Rung, 'name'>) => `${rung.name}.ts`;

/** Writes one file for each rung to the working folder. */
export function picturesCall(input: string, wanted: PicturesToEncode, limits: VideoLimits): FfmpegCall {
  const { info, part, rungs } = wanted;
  const source = upload(input, limits, Math.max(0, part.fromS - run));
  const largestFirst = [...rungs].reverse();
  return {
    inputs: [{ ...source, options: [...general(cpuLimitS(info.durationS)), ...source.options] }],
    outputs: [
      ...largestFirst.map((rung, place) => {
        const graph = place === 0 ? ['-filter_complex', graphOf(wanted, largestFirst)] : [];
        return output(rung, place, wanted, graph);
      }),
      ...(wanted.copied ? [copy(wanted.copied, info)] : []),
    ],
  };
}

function output(rung: Rung, place: number, { info, part, preset }: PicturesToEncode, before: string[]): CallEnd {
  // At the keyframes of what is copied beside it, a little early: their times were rounded.
  const times =
    info.asIs?.keysS.map((atS) => Math.max(0, atS - 0.001)) ?? keyTimes(part.fromS, part.toS ?? info.durationS);
  return {
    options: [
      ...before,
      ...['-map', `[rung${place}]`, ...noMetadata],
      // Times as they are, on a clock fine enough for every rate; the declared rate may be absurd.
      ...['-fps_mode', 'vfr', '-enc_time_base', '1:90000', '-fpsmax', String(maxFps)],
      ...['-c:v', 'libx264', '-preset', preset, '-profile:v', 'high', '-crf', '23', '-flags:v', '+bitexact'],
      ...['-maxrate', String(rung.maxBitrate), '-bufsize', String(2 * rung.maxBitrate)],
      ...['-color_primaries', 'bt709', '-color_trc', 'bt709', '-colorspace', 'bt709', '-color_range', 'tv'],
      // Only the forced keyframes: the group size is beyond 2 s at 60 frames a second, and scene cuts add none.
      ...['-force_key_frames', times.join(','), '-forced-idr', '1', '-g', '600', '-sc_threshold', '0'],
      ...transport,
    ],
    path: partName(rung),
  };
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

function copy(rung: Rung, { videoIndex }: VideoInfo): CallEnd {
  const options = ['-map', `0:${videoIndex}`, ...noMetadata, '-c:v', 'copy', '-bsf:v', cleaned.join(',')];
  return { options: [...options, ...transport], path: partName(rung) };
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
