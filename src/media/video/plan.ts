/** What a video becomes: pure arithmetic over what the probe found. */
import type { VideoInfo } from './probe-report.ts';

export interface VideoPlan {
  /** Even, pixels. */
  width: number;
  height: number;
  /** Frames per second to reduce to; undefined keeps the timing of the source, variable or not. */
  fps: number | undefined;
  /** Peak rate of the video, bits per second. */
  maxBitrate: number;
}

/** The rung: its short side, which is the height of a landscape and the width of a portrait. */
export const shortSide = 720;
/** Panoramas end here, well inside what H.264 decoders take. */
export const longSide = 2_560;
export const maxFps = 60;
export const keyframeEveryS = 2;
export const segmentS = 4;

const hd = { pixels: 1280 * 720, bitrate: 3_000_000 };

/** One rung that is never larger than the source. Both sides are even, as 4:2:0 needs, and at least 2. */
export function planVideo(info: Pick<VideoInfo, 'width' | 'height' | 'fps'>): VideoPlan {
  const least = Math.min(info.width, info.height);
  const most = Math.max(info.width, info.height);
  const scale = Math.min(1, shortSide / least, longSide / most);
  const width = even(info.width * scale);
  const height = even(info.height * scale);
  return { width, height, fps: info.fps > maxFps ? maxFps : undefined, maxBitrate: bitrate(width * height) };
}

/** Rounded down, so that an odd source is not enlarged either. */
function even(side: number): number {
  return Math.max(2, Math.floor(Math.round(side) / 2) * 2);
}

/** In proportion to the pixels, with a floor that keeps small videos clean. */
function bitrate(pixels: number): number {
  return Math.max(400_000, Math.round((hd.bitrate * pixels) / hd.pixels / 1000) * 1000);
}

/** Width of the frame that the poster is made from: nothing larger is shown. */
export function posterSize(info: Pick<VideoInfo, 'width' | 'height'>): { width: number; height: number } {
  const scale = Math.min(1, 1440 / info.width);
  return {
    width: Math.max(1, Math.round(info.width * scale)),
    height: Math.max(1, Math.round(info.height * scale)),
  };
}
