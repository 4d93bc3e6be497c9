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
  // Indexed, not destructured: this runs over every pixel.
  for (let at = 0; at + 3 < rgba.length; at += 4) {
    const alpha = rgba[at + 3] as number;
    const box = boxOf(rgba, at);
    weights[box] = (weights[box] as number) + alpha;
    for (let channel = 0; channel < 3; channel += 1)
      sums[box * 3 + channel] = (sums[box * 3 + channel] as number) + (rgba[at + channel] as number) * alpha;
  }
  const fullest = weights.indexOf(Math.max(...weights));
  const weight = weights[fullest] ?? 0;
  if (weight === 0) return '#ffffff';
  const mean = [...sums.subarray(fullest * 3, fullest * 3 + 3)].map((sum) => Math.round(sum / weight));
  return `#${mean.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
}

function boxOf(rgba: Uint8Array, at: number): number {
  const shade = (channel: number) => (rgba[at + channel] as number) >> 4;
  return (shade(0) * shades + shade(1)) * shades + shade(2);
}
