/** The filters: every one changes a picture in its own way, and each operation does what its formula says. */
import { describe, expect, it } from 'vitest';
import { filterNames } from '../../../src/contract/index.ts';
import { applyFilter } from '../../../src/media/image/filters/apply.ts';
import { curveTable } from '../../../src/media/image/filters/curve.ts';
import { type Filter, filters } from '../../../src/media/image/filters/data.ts';
import type { Pixels } from '../../../src/media/image/sharp.ts';

/** One colour everywhere. */
function plain(colour: readonly number[], side = 1): Pixels {
  const data = Buffer.from(Array.from({ length: side * side }, () => colour).flat());
  return { data, width: side, height: side, channels: colour.length as 3 | 4 };
}

const pixelOf = (filter: Filter, colour: readonly number[]) => [...applyFilter(plain(colour), filter).data];

/** Colours from all over the cube, on a square. */
function chart(channels: 3 | 4): Pixels {
  const side = 27;
  const values = [0, 16, 40, 72, 110, 150, 190, 224, 255];
  const colours = values.flatMap((r) => values.flatMap((g) => values.map((b) => [r, g, b, 77].slice(0, channels))));
  return { data: Buffer.from(colours.flat()), width: side, height: side, channels };
}

describe('The filters', () => {
  it('are at least twelve, each with a look of its own', () => {
    expect(filterNames.length).toBeGreaterThanOrEqual(12);
    const looks = filterNames.map((name) => applyFilter(chart(3), filters[name]).data.toString('base64'));
    looks.push(chart(3).data.toString('base64'));
    expect(new Set(looks).size).toBe(filterNames.length + 1);
  });

  it.each(filterNames)('%s keeps transparency and size, and says the same twice', (name) => {
    const given = chart(4);
    const before = given.data.toString('base64');
    const made = applyFilter(given, filters[name]);
    expect(given.data.toString('base64')).toBe(before);
    expect([made.width, made.height, made.channels, made.data.length]).toEqual([27, 27, 4, given.data.length]);
    expect(made.data.every((value, at) => at % 4 !== 3 || value === 77)).toBe(true);
    expect(applyFilter(given, filters[name]).data.equals(made.data)).toBe(true);
  });

  it('ink and noir leave greys only', () => {
    for (const name of ['ink', 'noir'] as const) {
      const { data } = applyFilter(chart(3), filters[name]);
      for (let at = 0; at < data.length; at += 3) expect(new Set(data.subarray(at, at + 3)).size, name).toBe(1);
    }
  });
});

describe('A filter', () => {
  it('without parts changes nothing', () => {
    expect(applyFilter(chart(4), {}).data.equals(chart(4).data)).toBe(true);
  });

  it('multiplies colours by its matrix and stays within bounds', () => {
    const swap = { matrix: [0, 0, 1, 0, 1, 0, 1, 0, 0] };
    expect(pixelOf(swap, [10, 20, 30])).toEqual([30, 20, 10]);
    expect(pixelOf({ matrix: [2, 0, 0, 0, -1, 0, 0, 0, 0.5] }, [200, 20, 31])).toEqual([255, 0, 16]);
  });

  it('leads a smooth, never falling curve through its points', () => {
    const points = [
      [0, 10],
      [64, 40],
      [192, 220],
      [255, 250],
    ] as const;
    const table = [...curveTable(points)];
    for (const [from, to] of points) expect(table[from]).toBe(to);
    expect(table.every((value, at) => at === 0 || value >= (table[at - 1] ?? 0))).toBe(true);
    expect(
      pixelOf(
        {
          curves: {
            all: points,
            red: [
              [0, 0],
              [255, 128],
            ],
          },
        },
        [255, 64, 0],
      ),
    ).toEqual([125, 40, 10]);
  });

  it.each([
    ['multiply', [128, 51, 0], [64, 26, 0]],
    ['screen', [128, 51, 0], [192, 153, 128]],
    ['overlay', [128, 51, 204], [129, 51, 204]],
    ['soft-light', [128, 51, 204], [128, 51, 204]],
  ] as const)('blends by %s with grey', (mode, colour, expected) => {
    const found = pixelOf({ blend: { mode, colour: [128, 128, 128], strength: 1 } }, colour);
    found.forEach((value, channel) => {
      expect(Math.abs(value - (expected[channel] ?? 0)), `${mode} ${found}`).toBeLessThanOrEqual(1);
    });
  });

  it('darkens the corners by its vignette, and not the middle', () => {
    const { data } = applyFilter(plain([200, 200, 200], 101), {
      vignette: { colour: [0, 0, 0], from: 0.5, strength: 1 },
    });
    const at = (x: number, y: number) => data[(y * 101 + x) * 3];
    expect([at(50, 50), at(50, 20), at(0, 0), at(100, 100)]).toEqual([200, 200, 0, 0]);
    expect(at(0, 50)).toBeLessThan(200);
    expect(at(10, 10)).toBeLessThan(at(20, 20) ?? 0);
  });
});
