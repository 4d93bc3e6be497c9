/** What a video costs before anything of it is decoded: its pixels times its frames; and how that is cut into pieces. Pure. */
import { maxFps, type Rung, segmentS } from './ladder.ts';
import type { VideoInfo } from './probe-report.ts';

/** Megapixels that one core decodes and encodes in a second, for the presets used here. */
const decoded = { h264: 600, other: 300 };
const encoded = 150;
/** Seconds of sound that one core measures and encodes in a second. */
const heard = 40;

/** Work on one video that a job does by itself. */
export interface Piece {
  /** `first` is the smallest rung, which is shown before the others, `rest` the larger ones, `sound` also text. */
  stage: 'first' | 'rest' | 'sound';
  fromS: number;
  /** Undefined: to the end. */
  toS?: number | undefined;
}

/** CPU seconds of pictures, for each second of the video. */
function rate(info: VideoInfo, rungs: readonly Rung[]): number {
  const frames = info.fps || 30;
  const decoding = (info.width * info.height) / 1e6 / (info.codec === 'h264' ? decoded.h264 : decoded.other);
  const pixels = encodedOf(info, rungs).reduce((sum, rung) => sum + rung.width * rung.height, 0);
  return frames * decoding + Math.min(frames, maxFps) * (pixels / 1e6 / encoded);
}

/** The rungs that have to be encoded: all, or all but the largest. */
export function encodedOf({ asIs }: Pick<VideoInfo, 'asIs'>, rungs: readonly Rung[]): readonly Rung[] {
  return asIs ? rungs.slice(0, -1) : rungs;
}

/** CPU seconds of everything that is made of it. */
export function costS(info: VideoInfo, rungs: readonly Rung[]): number {
  return info.durationS * (rate(info, rungs) + (info.audio ? 1 / heard : 0));
}

/** The pieces of a video that costs more than one job may; none for the others. */
export function cutIntoPieces(info: VideoInfo, rungs: readonly Rung[], limitS: number): Piece[] {
  if (costS(info, rungs) <= limitS) return [];
  const sound = info.audio || info.subtitles.length > 0 ? [{ stage: 'sound' as const, fromS: 0 }] : [];
  return [
    ...stretches(info, rungs.slice(0, 1), limitS).map((part) => ({ stage: 'first' as const, ...part })),
    ...sound,
    ...stretches(info, rungs.slice(1), limitS).map((part) => ({ stage: 'rest' as const, ...part })),
  ];
}

/** Of equal length, a multiple of segments. Each costs at most the limit, but for one that is a single segment. */
function stretches(info: VideoInfo, rungs: readonly Rung[], limitS: number) {
  if (rungs.length === 0) return [];
  const lengthS = segmentS * Math.max(1, Math.floor(limitS / rate(info, rungs) / segmentS));
  const count = Math.max(1, Math.ceil(info.durationS / lengthS));
  return Array.from({ length: count }, (_each, index) => ({
    fromS: index * lengthS,
    toS: index === count - 1 ? undefined : (index + 1) * lengthS,
  }));
}
