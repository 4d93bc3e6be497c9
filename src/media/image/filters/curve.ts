/** A smooth curve through control points, as a table of 256 values. */
import type { Point } from './data.ts';

/**
 * Cubic pieces whose slopes never overshoot (Fritsch and Carlson, "Monotone Piecewise Cubic Interpolation", 1980), so rising
 * points give a rising curve. No points: the table that changes nothing.
 */
export function curveTable(points: readonly Point[] | undefined): Uint8ClampedArray {
  if (!points || points.length < 2) return Uint8ClampedArray.from({ length: 256 }, (_, value) => value);
  const slopes = slopesAt(points);
  return Uint8ClampedArray.from({ length: 256 }, (_, value) => valueAt(value, points, slopes));
}

function slopesAt(points: readonly Point[]): number[] {
  const steps = points.slice(1).map(([x, y], i) => {
    const [x0, y0] = points[i] as Point;
    return (y - y0) / (x - x0);
  });
  return points.map((_, i) => {
    const [before, after] = [steps[i - 1], steps[i]];
    if (before === undefined || after === undefined) return before ?? after ?? 0;
    // The harmonic mean: near to the flatter side, and flat at a turn.
    return before * after <= 0 ? 0 : (2 * before * after) / (before + after);
  });
}

function valueAt(x: number, points: readonly Point[], slopes: readonly number[]): number {
  const [first, last] = [points[0] as Point, points.at(-1) as Point];
  if (x <= first[0]) return first[1];
  if (x >= last[0]) return last[1];
  const i = points.findIndex(([next]) => next > x) - 1;
  const [[x0, y0], [x1, y1]] = [points[i] as Point, points[i + 1] as Point];
  const [width, t] = [x1 - x0, (x - x0) / (x1 - x0)];
  const [m0, m1] = [(slopes[i] as number) * width, (slopes[i + 1] as number) * width];
  return y0 + t * (m0 + t * (3 * (y1 - y0) - 2 * m0 - m1 + t * (2 * (y0 - y1) + m0 + m1)));
}
