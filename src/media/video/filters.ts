/** The filters that pictures go through, as text. Pure. */
import { maxFps } from './ladder.ts';
import type { VideoInfo } from './probe-report.ts';

interface Size {
  width: number;
  height: number;
}

/** BT.2020 PQ or HLG to BT.709; on floating point pixels, so after the first scaling. */
const toneMap = [
  'zscale=t=linear:npl=100',
  'format=gbrpf32le',
  'zscale=p=bt709',
  'tonemap=hable:desat=0',
  'zscale=t=bt709:m=bt709:r=tv',
];

const tagged = 'setparams=range=tv:color_primaries=bt709:color_trc=bt709:colorspace=bt709';

/**
 * From a decoded frame to the size wanted, in square pixels and in BT.709 whatever it was. The shape of pixels is
 * left to the container.
 */
export function toSdr(size: Size, info: Pick<VideoInfo, 'colour' | 'untaggedMatrix'>): string {
  const scale = `scale=${size.width}:${size.height}:flags=bicubic`;
  const byColour = {
    hdr: [scale, ...toneMap],
    wide: [scale, 'zscale=p=bt709:t=bt709:m=bt709:r=tv'],
    sdr: [`${scale}:in_color_matrix=${info.untaggedMatrix ?? 'auto'}:out_color_matrix=bt709:out_range=tv`],
  };
  return [...byColour[info.colour], 'setsar=0', 'format=yuv420p', tagged].join(',');
}

/** From one rung to a smaller one. */
export function smaller(size: Size): string {
  return `scale=${size.width}:${size.height}:flags=bicubic,setsar=0`;
}

/**
 * Of a source with too many frames those that stand first after each sixtieth of a second. Asks the time alone and not the
 * frame before, so that a part of a video keeps the same frames as the whole.
 */
export function fewerFrames(fps: number): string[] {
  if (fps <= maxFps * 1.01) return [];
  const tick = (time: string) => `floor((${time})*${maxFps}+0.001)`;
  return [`select='gt(${tick('t')}\\,${tick(`t-1/${fps}`)})'`];
}
