/** Which renditions an image gets: pure arithmetic over its upright size. */

/** Widths in pixels, for landscape and portrait alike: a column of a page has a width, not a longer side. */
export const renditionWidths = [150, 320, 640, 1080, 1440] as const;

/** Sides of the squares, pixels: a grid of pictures on a large and on a small screen. */
export const squareSides = [320, 150] as const;

/** Width of what moves, pixels. */
const animationWidth = 640;

/** WebP and JPEG allow more; beyond this WebP (16,383) would refuse. */
export const maxSide = 16_383;

export interface PlannedSize {
  width: number;
  height: number;
}

/**
 * The sizes to make, the largest first, since each is made from the one before it.
 * Never enlarged: of the widths above the original's, one at the original's own width remains, so there is always a
 * size. The aspect ratio is kept to the nearest pixel, no side is below 1.
 */
export function planSizes(original: PlannedSize, widths: readonly number[] = renditionWidths): PlannedSize[] {
  const fitting = new Set(widths.map((width) => Math.min(width, original.width)));
  const sizes = [...fitting].sort((a, b) => b - a).map((width) => scaleToWidth(original, width));
  return sizes.filter((size, index) => index === 0 || size.width !== sizes[index - 1]?.width);
}

/** The one size of an animation; never enlarged. */
export function animationSize(original: PlannedSize): PlannedSize {
  return scaleToWidth(original, Math.min(animationWidth, original.width));
}

function scaleToWidth(original: PlannedSize, width: number): PlannedSize {
  const scale = Math.min(width / original.width, maxSide / original.height, 1);
  return { width: atLeastOne(original.width * scale), height: atLeastOne(original.height * scale) };
}

function atLeastOne(side: number): number {
  return Math.max(1, Math.round(side));
}
