/** Generated photos: evenings over hills and water, each another one, with the grain that a camera adds. */
import sharp from 'sharp';
import { type Chance, chance, pick } from './chance.ts';

/** Sky above, sky below, the sun, and the hills from far to near. */
const palettes = [
  ['#20304f', '#f2a65a', '#ffe2a8', '#5b4b6b', '#3d3555', '#231f38'],
  ['#7fb7d9', '#f6e7cb', '#fff7df', '#7d9cae', '#54788a', '#2c4a57'],
  ['#3b1f4a', '#e8637c', '#ffd6ba', '#7a3b60', '#4e274b', '#2a1730'],
  ['#a7d3c3', '#fbf2d5', '#ffffff', '#6fa08c', '#3f7263', '#1e4238'],
  ['#0f2238', '#4f86a6', '#dff1f7', '#31566e', '#1f3b50', '#0e2030'],
  ['#f0b384', '#fde6c8', '#fff4df', '#c07a58', '#8b5140', '#4b2b25'],
] as const;

const shapes = [
  { width: 1_440, height: 1_080 },
  { width: 1_080, height: 1_350 },
  { width: 1_280, height: 1_280 },
] as const;

/** A JPEG of about 300 kB. @param seed another one, another photo */
export async function photo(seed: number): Promise<Buffer> {
  const draw = chance(seed * 7_919 + 11);
  const { width, height } = pick(draw, shapes);
  const grain = { width, height, channels: 3, noise: { type: 'gaussian', mean: 128, sigma: 14 } } as const;
  const noise = await sharp({ create: { ...grain, background: '#808080' } })
    .png({ compressionLevel: 0 })
    .toBuffer();
  return sharp(Buffer.from(scene(draw, width, height)))
    .composite([{ input: noise, blend: 'soft-light' }])
    .jpeg({ quality: 88 })
    .toBuffer();
}

function scene(draw: Chance, width: number, height: number): string {
  const [top, low, sun, ...hills] = pick(draw, palettes);
  const horizon = height * (0.45 + 0.2 * draw());
  const [x, y, r] = [width * (0.2 + 0.6 * draw()), horizon * (0.5 + 0.45 * draw()), width * (0.03 + 0.05 * draw())];
  const ridges = hills.map((colour, n) => {
    const base = horizon + (n * (height - horizon)) / 3.4;
    return `<path d="${ridge(draw, width, height, base, height * (0.09 - 0.015 * n))}" fill="${colour}"/>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">
    <defs><linearGradient id="s" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="${top}"/>
      <stop offset="${horizon / height}" stop-color="${low}"/></linearGradient>
      <radialGradient id="g"><stop offset="0" stop-color="${sun}" stop-opacity="0.9"/><stop offset="1" stop-color="${sun}" stop-opacity="0"/></radialGradient></defs>
    <rect width="100%" height="100%" fill="url(#s)"/>
    <circle cx="${x}" cy="${y}" r="${6 * r}" fill="url(#g)"/><circle cx="${x}" cy="${y}" r="${r}" fill="${sun}"/>
    ${ridges.join('')}</svg>`;
}

/** A line of hills: a few waves of different lengths on top of each other. */
function ridge(draw: Chance, width: number, height: number, base: number, rise: number): string {
  const waves = [1, 2.3, 5.1, 11.7].map((often) => ({ often, shift: 6.28 * draw(), high: rise / often ** 0.8 }));
  const points = Array.from({ length: 61 }, (_, n) => {
    const at = (6.28 * n) / 60;
    const up = waves.reduce((sum, { often, shift, high }) => sum + high * Math.sin(often * at + shift), 0);
    return `${Math.round((n * width) / 60)} ${Math.round(base - up)}`;
  });
  return `M0 ${height} L${points.join(' L')} L${width} ${height} Z`;
}
