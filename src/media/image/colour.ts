/** The colour that a picture has most of. */

/** Colours that agree in the upper four bits of each channel count as one. */
const shades = 16;

/**
 * The mean of the pixels in the fullest of 4,096 boxes of the colour cube, as `#rrggbb`. Transparent pixels count for as
 * much as they show; a picture of nothing else is white.
 * @param rgba four bytes per pixel
 */
export function dominantColour(rgba: Uint8Array): string {
  const weights = new Float64Array(shades ** 3);
  const sums = new Float64Array(shades ** 3 * 3);
  for (let at = 0; at + 3 < rgba.length; at += 4) {
    const [red = 0, green = 0, blue = 0, alpha = 0] = rgba.subarray(at, at + 4);
    const box = (red >> 4) * shades * shades + (green >> 4) * shades + (blue >> 4);
    weights[box] = (weights[box] ?? 0) + alpha;
    [red, green, blue].forEach((value, channel) => {
      sums[box * 3 + channel] = (sums[box * 3 + channel] ?? 0) + value * alpha;
    });
  }
  const fullest = weights.indexOf(Math.max(...weights));
  const weight = weights[fullest] ?? 0;
  if (weight === 0) return '#ffffff';
  const mean = [...sums.subarray(fullest * 3, fullest * 3 + 3)].map((sum) => Math.round(sum / weight));
  return `#${mean.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
}
