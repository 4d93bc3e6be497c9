/** Pictures for tests, made on the spot: known corners, colour spaces, orientations, and files that should be refused. */
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { crc32, deflateSync } from 'node:zlib';
import sharp from 'sharp';

const run = promisify(execFile);

export type Colour = readonly [red: number, green: number, blue: number];
export const corners: Readonly<Record<'topLeft' | 'topRight' | 'bottomLeft' | 'bottomRight', Colour>> = {
  topLeft: [220, 30, 30],
  topRight: [30, 200, 30],
  bottomLeft: [30, 30, 220],
  bottomRight: [230, 230, 230],
};

/** A picture of four coloured quarters, as lossless PNG bytes. */
export function quarters(width: number, height: number): Promise<Buffer> {
  const half = { width: Math.ceil(width / 2), height: Math.ceil(height / 2) };
  const tile = ([r, g, b]: Colour, left: number, top: number) => ({
    input: { create: { ...half, channels: 3 as const, background: { r, g, b } } },
    left,
    top,
  });
  return sharp({ create: { width, height, channels: 3, background: '#000' } })
    .composite([
      tile(corners.topLeft, 0, 0),
      tile(corners.topRight, width - half.width, 0),
      tile(corners.bottomLeft, 0, height - half.height),
      tile(corners.bottomRight, width - half.width, height - half.height),
    ])
    .png()
    .toBuffer();
}

/** Turns and mirrors pixels so that a reader who honours the EXIF orientation sees them upright again. */
export async function storedFor(orientation: number, upright: Buffer): Promise<Buffer> {
  const turn = (picture: Buffer, angle: number) => sharp(picture).rotate(angle).png().toBuffer();
  const flip = (picture: Buffer) => sharp(picture).flip().png().toBuffer();
  const flop = (picture: Buffer) => sharp(picture).flop().png().toBuffer();
  const ways: Record<number, () => Promise<Buffer>> = {
    1: async () => upright,
    2: () => flop(upright),
    3: () => turn(upright, 180),
    4: () => flip(upright),
    5: async () => flop(await turn(upright, 90)),
    6: () => turn(upright, 270),
    7: async () => flip(await turn(upright, 90)),
    8: () => turn(upright, 90),
  };
  return (ways[orientation] as () => Promise<Buffer>)();
}

/** Writes tags with exiftool, a tool that shares no code with the one under test. */
export async function tag(path: string, ...tags: string[]): Promise<void> {
  await run('exiftool', ['-q', '-overwrite_original', ...tags, path]);
}

/** The tags that exiftool finds in any of the files, as `group:name`, without those that describe the file itself. */
export async function tagsOf(...paths: string[]): Promise<string[]> {
  const { stdout } = await run('exiftool', ['-j', '-G1', '-a', '-ee', ...paths]);
  const found = JSON.parse(stdout) as Record<string, unknown>[];
  const names = new Set(found.flatMap((each) => Object.keys(each)));
  return [...names].filter((name) => !/^(SourceFile$|ExifTool:|System:|File:|Composite:)/.test(name));
}

/** The colour of a pixel; coordinates as shares of the width and height. */
export async function colourAt(path: string, x: number, y: number): Promise<Colour> {
  const { data, info } = await sharp(path).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const at = (Math.floor(y * info.height) * info.width + Math.floor(x * info.width)) * info.channels;
  return [data[at] ?? -1, data[at + 1] ?? -1, data[at + 2] ?? -1];
}

/** The largest difference of any channel. */
export function distance(a: Colour, b: Colour): number {
  return Math.max(...a.map((value, channel) => Math.abs(value - (b[channel] ?? 0))));
}

/** A 12-megapixel photograph-like JPEG: soft shapes with grain, some 3 MB. */
export async function largePhoto(path: string): Promise<void> {
  const noise = (width: number, height: number, sigma: number) =>
    sharp({
      create: { width, height, channels: 3, background: '#888', noise: { type: 'gaussian', mean: 128, sigma } },
    });
  const grain = await noise(800, 600, 14).png().toBuffer();
  const shapes = await noise(400, 300, 60).blur(2).png().toBuffer();
  await sharp(shapes)
    .resize(4000, 3000, { kernel: 'cubic' })
    .composite([{ input: grain, tile: true, blend: 'soft-light' }])
    .jpeg({ quality: 90 })
    .toFile(path);
}

/** A PNG whose header promises 30,000 x 30,000 pixels in some hundred bytes. */
export async function pngBomb(path: string): Promise<void> {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(30_000, 0);
  header.writeUInt32BE(30_000, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(data.length);
    const sum = Buffer.alloc(4);
    sum.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, sum]);
  };
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const rows = chunk('IDAT', deflateSync(Buffer.alloc(100)));
  await writeFile(path, Buffer.concat([signature, chunk('IHDR', header), rows, chunk('IEND', Buffer.alloc(0))]));
}

/** A scene that another seed makes another one: coloured discs on a slope of light. */
export function scene(seed: number, side = 240): Promise<Buffer> {
  const discs = Array.from({ length: 14 }, (_, n) => {
    const at = (k: number) => Math.abs(Math.sin(seed * 12.9898 + n * 78.233 + k * 37.719) * 43_758.5453) % 1;
    const fill = `rgb(${at(4) * 255},${at(5) * 255},${at(6) * 255})`;
    return `<circle cx="${at(1) * side}" cy="${at(2) * side}" r="${(0.05 + at(3) * 0.2) * side}" fill="${fill}"/>`;
  });
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${side}" height="${side}"><rect width="100%" height="100%" fill="#678"/>${discs.join('')}</svg>`;
  return sharp(Buffer.from(svg)).png().toBuffer();
}
