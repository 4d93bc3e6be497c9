/** Gives pixels a look, in one pass: what depends on one channel alone is a table, the rest is arithmetic. */
import type { Pixels } from '../sharp.ts';
import { curveTable } from './curve.ts';
import type { BlendMode, Filter, Rgb } from './data.ts';

type Tables = readonly [Uint8ClampedArray, Uint8ClampedArray, Uint8ClampedArray];

const channels = ['red', 'green', 'blue'] as const;
const same = [1, 0, 0, 0, 1, 0, 0, 0, 1];

/** New pixels of the same size; transparency stays as it is. Takes pixels of three or four channels. */
export function applyFilter({ data, width, height, channels: depth }: Pixels, filter: Filter): Pixels {
  const [red, green, blue] = tables((channel) => curveOf(filter, channel));
  const [redOver, greenOver, blueOver] = tables((channel) => blendTable(filter, channel));
  const m = filter.matrix ?? same;
  const [rr = 0, rg = 0, rb = 0, gr = 0, gg = 0, gb = 0, br = 0, bg = 0, bb = 0] = m;
  const shade = vignette(filter, width, height);
  const out = Buffer.from(data);
  // Clamps and rounds; a table takes whole numbers from 0 to 255 only.
  const mixed = new Uint8ClampedArray(3);
  for (let at = 0, pixel = 0; at < out.length; at += depth, pixel += 1) {
    const [r, g, b] = [red[out[at] as number], green[out[at + 1] as number], blue[out[at + 2] as number]] as [
      number,
      number,
      number,
    ];
    mixed[0] = rr * r + rg * g + rb * b;
    mixed[1] = gr * r + gg * g + gb * b;
    mixed[2] = br * r + bg * g + bb * b;
    out[at] = redOver[mixed[0] as number] as number;
    out[at + 1] = greenOver[mixed[1] as number] as number;
    out[at + 2] = blueOver[mixed[2] as number] as number;
    shade?.(out, at, pixel);
  }
  return { data: out, width, height, channels: depth };
}

function tables(of: (channel: number) => Uint8ClampedArray): Tables {
  return [of(0), of(1), of(2)];
}

/** The curve of one channel after the curve of all. */
function curveOf({ curves = {} }: Filter, channel: number): Uint8ClampedArray {
  const all = curveTable(curves.all);
  const own = curveTable(curves[channels[channel] as (typeof channels)[number]]);
  return all.map((value) => own[value] as number);
}

function blendTable({ blend }: Filter, channel: number): Uint8ClampedArray {
  const identity = curveTable(undefined);
  if (!blend) return identity;
  const over = (blend.colour[channel] as number) / 255;
  return identity.map((value) => {
    const under = value / 255;
    return 255 * (under + (blended[blend.mode](under, over) - under) * blend.strength);
  });
}

/** By the formulas of the W3C's "Compositing and Blending"; both values from 0 to 1. */
const blended: Readonly<Record<BlendMode, (under: number, over: number) => number>> = {
  multiply: (under, over) => under * over,
  screen: (under, over) => under + over - under * over,
  overlay: (under, over) => (under <= 0.5 ? 2 * under * over : 1 - 2 * (1 - under) * (1 - over)),
  'soft-light': (under, over) => {
    if (over <= 0.5) return under - (1 - 2 * over) * under * (1 - under);
    const lifted = under <= 0.25 ? ((16 * under - 12) * under + 4) * under : Math.sqrt(under);
    return under + (2 * over - 1) * (lifted - under);
  },
};

/** Mixes the pixel at a place of the buffer with the vignette's colour; undefined where there is no vignette. */
function vignette({ vignette: given }: Filter, width: number, height: number) {
  if (!given) return undefined;
  const { colour, from, strength } = given;
  const [centreX, centreY] = [(width - 1) / 2, (height - 1) / 2];
  const corner = Math.hypot(centreX, centreY) || 1;
  return (out: Buffer, at: number, pixel: number) => {
    const distance = Math.hypot((pixel % width) - centreX, Math.floor(pixel / width) - centreY) / corner;
    if (distance <= from) return;
    const way = (distance - from) / (1 - from);
    mix(out, at, colour, way * way * (3 - 2 * way) * strength);
  };
}

function mix(out: Buffer, at: number, colour: Rgb, share: number): void {
  for (let channel = 0; channel < 3; channel += 1) {
    const value = out[at + channel] as number;
    out[at + channel] = Math.round(value + ((colour[channel] as number) - value) * share);
  }
}
