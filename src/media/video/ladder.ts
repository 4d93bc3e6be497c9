/** Which rungs a video becomes: pure arithmetic over what the probe found. */
import type { VideoInfo } from './probe-report.ts';

export interface Rung {
  /** By its short side: `720p`. */
  name: string;
  /** Even, pixels. */
  width: number;
  height: number;
  /** Peak rate of the pictures, bits per second. */
  maxBitrate: number;
}

/** Short sides: the height of a landscape and the width of a portrait. */
const steps = [240, 360, 480, 720, 1080] as const;
/** A step closer than this to the largest rung is left out. */
const apart = 0.8;
/** Panoramas end here, well inside what H.264 decoders take. */
export const longSide = 2_560;

export const maxFps = 60;
export const keyframeEveryS = 2;
export const segmentS = 4;

const fullHd = { pixels: 1920 * 1080, bitrate: 5_000_000 };

/**
 * The rungs, the smallest first; the last has the size of the source, up to 1080 on its short side. Nothing is enlarged.
 * Both sides are even, as 4:2:0 needs, and at least 2.
 */
export function planLadder(info: Pick<VideoInfo, 'width' | 'height' | 'fps'>): Rung[] {
  const least = Math.min(info.width, info.height);
  const most = Math.max(info.width, info.height);
  const top = Math.max(2, Math.min(least, 1080, Math.floor((least * longSide) / most)));
  return [...steps.filter((step) => step <= top * apart), top].map((side) => rung(info, side / least));
}

function rung(info: Pick<VideoInfo, 'width' | 'height' | 'fps'>, scale: number): Rung {
  const width = even(info.width * scale);
  const height = even(info.height * scale);
  return { name: `${Math.min(width, height)}p`, width, height, maxBitrate: bitrate(width * height, info.fps) };
}

/** Rounded down, so that an odd source is not enlarged either. */
function even(side: number): number {
  return Math.min(longSide, Math.max(2, Math.floor(Math.round(side) / 2) * 2));
}

/** Grows slower than pixels and frames do, with a floor that keeps small videos clean. */
function bitrate(pixels: number, fps: number): number {
  const bySize = (pixels / fullHd.pixels) ** 0.75;
  const byRate = (Math.min(Math.max(fps, 30), maxFps) / 30) ** 0.6;
  return Math.max(300_000, Math.round((fullHd.bitrate * bySize * byRate) / 1000) * 1000);
}

/** Where a keyframe stands at the latest, in a video that lasts so long, seconds. */
export function keyTimes(durationS: number): number[] {
  const count = Math.max(1, Math.ceil(durationS / keyframeEveryS));
  return Array.from({ length: count }, (_each, index) => index * keyframeEveryS);
}

/** How long a frame is shown, seconds; a header that is damaged may tell any rate. */
export function usualFrameS({ fps, durationS }: Pick<VideoInfo, 'fps' | 'durationS'>): number {
  return Math.min(1 / Math.min(fps || 25, maxFps), Math.max(durationS, 1 / maxFps));
}

/** Size of the frame that the poster is made from: nothing larger is shown. */
export function posterSize(info: Pick<VideoInfo, 'width' | 'height'>): { width: number; height: number } {
  const scale = Math.min(1, 1440 / info.width);
  return {
    width: Math.max(1, Math.round(info.width * scale)),
    height: Math.max(1, Math.round(info.height * scale)),
  };
}
