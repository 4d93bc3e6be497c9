/** Every kind of picture that phones and cameras make, through the image processes; what is too large; and what is refused. */
import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Wanted } from '../../../src/media/image/protocol.ts';
import { type ImagePoolOptions, imagePool } from '../../../src/media/index.ts';
import { heic, motionPhoto, ultraHdr } from '../../support/phone-pictures.ts';
import { type Colour, colourAt, corners, distance, quarters, tag, tagsOf } from '../../support/pictures.ts';
import { hasRendered, renderers } from '../../support/processes.ts';
import { until } from '../../support/stack.ts';

const exec = promisify(execFile);
const never = new AbortController().signal;
const pool = imagePool({ processes: 1 });
let scratch = '';
let made = 0;
let upright: Buffer;

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'twolane-inputs-'));
  upright = await quarters(400, 200);
});
afterAll(async () => {
  pool.close();
  await rm(scratch, { recursive: true, force: true });
});

const file = (name: string) => join(scratch, name);
async function render(input: string, renderer = pool, wanted: Wanted = { plain: true }) {
  made += 1;
  const output = file(`out-${made}`);
  await mkdir(output);
  return { output, image: await renderer.render(input, output, never, wanted) };
}

/** Whether the four quarters of a rendition are where and what they were. */
async function shows(path: string, tolerance = 16) {
  const at = { topLeft: [0.2, 0.2], topRight: [0.8, 0.2], bottomLeft: [0.2, 0.8], bottomRight: [0.8, 0.8] } as const;
  for (const [name, [x, y]] of Object.entries(at)) {
    const found = await colourAt(path, x, y);
    expect(distance(found, corners[name as keyof typeof corners]), `${path} ${name} is ${found}`).toBeLessThan(
      tolerance,
    );
  }
}

async function refusal(options: ImagePoolOptions, name: string): Promise<{ code: string; message: string }> {
  const small = imagePool({ processes: 1, ...options });
  try {
    return await render(file(name), small).then(
      () => ({ code: 'none', message: '' }),
      (error: { code: string; message: string }) => error,
    );
  } finally {
    small.close();
  }
}

describe('An image', { timeout: 90_000 }, () => {
  it('in HEIC is decoded by the tools of the system, rotated as it says and no further', async () => {
    await heic(file('plain.heic'), upright);
    const plain = await render(file('plain.heic'));
    expect(plain.image).toMatchObject({ width: 400, height: 200 });
    expect((await readdir(plain.output)).sort()).toEqual(plain.image.renditions.map(({ name }) => name).sort());
    await shows(join(plain.output, '400.webp'));

    const lying = await sharp(upright).rotate(90).png().toBuffer();
    await heic(file('turned.heic'), lying, { quarterTurns: 1, bits: 10 });
    // HEIF's own rotation counts; what EXIF says beside it does not.
    await tag(file('turned.heic'), '-n', '-Orientation=6', '-GPSLatitude=52.5', '-GPSLatitudeRef=N');
    const turned = await render(file('turned.heic'));
    expect(turned.image).toMatchObject({ width: 400, height: 200 });
    await shows(join(turned.output, '320.jpg'));
    const left = await tagsOf(...turned.image.renditions.map(({ name }) => join(turned.output, name)));
    expect(left.filter((each) => !/^(JFIF|RIFF):/.test(each))).toEqual([]);
  });

  it('in HEIC with Display P3 comes out in sRGB', async () => {
    const colour: Colour = [200, 60, 40];
    const plain = sharp({ create: { width: 64, height: 64, channels: 3, background: 'rgb(200,60,40)' } });
    await heic(file('p3.heic'), await plain.withIccProfile('p3').png().toBuffer());
    const { output } = await render(file('p3.heic'));
    expect(distance(await colourAt(join(output, '64.webp'), 0.5, 0.5), colour)).toBeLessThan(8);
  });

  it('in HEIC that is damaged, or comes where the tool is not installed, is refused with a reason', async () => {
    await heic(file('sound.heic'), upright);
    expect(await sharp(file('sound.heic')).metadata()).toMatchObject({ compression: 'hevc' });
    await copyFile(file('sound.heic'), file('whole.heic'));
    await exec('truncate', ['--size=-200', file('sound.heic')]);
    expect(await refusal({}, 'sound.heic')).toMatchObject({ code: 'invalid_image', name: 'NonRetryableError' });
    const without = await refusal({ heicTool: 'no-such-vips' }, 'whole.heic');
    expect(without).toMatchObject({ code: 'heic_unsupported', name: 'NonRetryableError' });
    expect(without.message).toContain('no-such-vips');
  });

  it('with a film or a gain map behind it is its still part', async () => {
    await motionPhoto(file('motion.jpg'), upright, Buffer.from('....ftypmp42 and what a film holds besides'));
    await shows(join((await render(file('motion.jpg'))).output, '400.jpg'));
    await ultraHdr(file('hdr.jpg'), upright);
    expect((await tagsOf(file('hdr.jpg'))).join(' ')).toContain('XMP-hdrgm:');
    const { output } = await render(file('hdr.jpg'));
    await shows(join(output, '400.jpg'));
    expect((await tagsOf(join(output, '400.jpg'))).filter((each) => /XMP|MPF/.test(each))).toEqual([]);
  });

  it('of 16 bits, in greys, in CMYK or with transparency becomes sRGB of 8 bits', async () => {
    const colour: Colour = [200, 60, 40];
    const plain = () => sharp({ create: { width: 64, height: 64, channels: 3, background: 'rgb(200,60,40)' } });
    await plain().toColourspace('rgb16').png().toFile(file('deep.png'));
    await plain().toColourspace('rgb16').tiff({ compression: 'none' }).toFile(file('deep.tiff'));
    await plain()
      .avif({ bitdepth: 10, quality: 90 })
      .toFile(file('deep.avif'))
      .catch(() => plain().avif().toFile(file('deep.avif')));
    await plain().withIccProfile('cmyk').toColourspace('cmyk').tiff().toFile(file('ink.tiff'));
    const kinds: [name: string, tolerance: number][] = [
      ['deep.png', 4],
      ['deep.tiff', 4],
      ['deep.avif', 10],
      ['ink.tiff', 40],
    ];
    for (const [name, tolerance] of kinds) {
      const { output } = await render(file(name));
      expect(distance(await colourAt(join(output, '64.webp'), 0.5, 0.5), colour), name).toBeLessThan(tolerance);
      expect(await sharp(join(output, '64.jpg')).metadata()).toMatchObject({
        space: 'srgb',
        depth: 'uchar',
        channels: 3,
      });
    }
    await sharp({ create: { width: 64, height: 64, channels: 4, background: { r: 99, g: 99, b: 99, alpha: 0.5 } } })
      .toColourspace('b-w')
      .png()
      .toFile(file('glass.png'));
    const glass = await render(file('glass.png'));
    const { data } = await sharp(join(glass.output, '64.webp'))
      .ensureAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true });
    expect(Math.abs((data[3] ?? 0) - 128)).toBeLessThan(3);
    expect(Math.abs((data[0] ?? 0) - 99)).toBeLessThan(4);
    expect(distance(await colourAt(join(glass.output, '64.jpg'), 0.5, 0.5), [177, 177, 177])).toBeLessThan(4);
  });
});

describe('An animation', { timeout: 90_000 }, () => {
  const frame = (red: number) =>
    sharp({ create: { width: 90, height: 60, channels: 3, background: { r: red, g: 20, b: 20 } } })
      .png()
      .toBuffer();

  it.each(['gif', 'webp'] as const)('in %s is kept as WebP, with its frames and its pauses', async (format) => {
    const frames = await Promise.all([10, 90, 170, 250].map(frame));
    const delay = [100, 200, 300, 400];
    const moving = sharp(frames, { join: { animated: true } });
    await (format === 'gif' ? moving.gif({ delay, loop: 2 }) : moving.webp({ delay, loop: 2 })).toFile(
      file(`moves.${format}`),
    );
    const { image, output } = await render(file(`moves.${format}`), pool, { plain: true, animation: true });
    expect(image.renditions.map(({ name }) => name)).toEqual(['90.webp', '90.jpg', 'animated-90.webp']);
    expect(image.renditions.at(-1)).toMatchObject({ frames: 4, width: 90, height: 60 });
    const found = await sharp(join(output, 'animated-90.webp'), { animated: true }).metadata();
    expect(found).toMatchObject({ pages: 4, delay, loop: 2, pageHeight: 60 });
    // Read by another libvips: the header says so too, and the frames are the ones that came.
    expect((await exec('vipsheader', ['-f', 'n-pages', join(output, 'animated-90.webp')])).stdout.trim()).toBe('4');
    const { data, info } = await sharp(join(output, 'animated-90.webp'), { page: 2 })
      .raw()
      .toBuffer({ resolveWithObject: true });
    expect(Math.abs((data[info.channels * 100] ?? 0) - 170)).toBeLessThan(12);
    expect(await colourAt(join(output, '90.webp'), 0.5, 0.5)).toSatisfy(
      (colour: Colour) => distance(colour, [10, 20, 20]) < 12,
    );
  });

  it('of one frame is a picture', async () => {
    await sharp(await frame(9))
      .gif()
      .toFile(file('still.gif'));
    const { image } = await render(file('still.gif'), pool, { plain: true, animation: true });
    expect(image.renditions.map(({ name }) => name)).toEqual(['90.webp', '90.jpg']);
  });
});

describe('A limit', { timeout: 90_000 }, () => {
  it('of bytes, pixels, sides, frames and channels has a code of its own', async () => {
    await sharp(upright).jpeg().toFile(file('some.jpg'));
    const frame = (red: number) =>
      sharp({ create: { width: 20, height: 10, channels: 3, background: { r: red, g: 0, b: 0 } } })
        .png()
        .toBuffer();
    const frames = await Promise.all([0, 80, 160, 240].map(frame));
    await sharp(frames, { join: { animated: true } })
      .gif()
      .toFile(file('moving.gif'));
    expect((await exec('vipsheader', ['-f', 'n-pages', file('moving.gif')])).stdout.trim()).toBe('4');
    const bands = Buffer.alloc(8 * 8 * 6, 100);
    await writeFile(file('bands.raw'), bands);
    await exec('vips', ['rawload', file('bands.raw'), file('bands.tiff'), '8', '8', '6']);
    await sharp(upright).resize(40).jpeg().toFile(file('fits.jpg'));
    await sharp(upright).resize(100, 31).png().toFile(file('wide.png'));
    await sharp(upright).resize(60, 60, { fit: 'fill' }).jpeg().toFile(file('many.jpg'));
    await writeFile(file('padded.jpg'), Buffer.concat([await readFile(file('fits.jpg')), Buffer.alloc(9_000)]));
    const strict = imagePool({
      processes: 1,
      maxBytes: 9_000,
      maxPixels: 3_500,
      maxSide: 90,
      maxFrames: 3,
      maxChannels: 4,
    });
    const cases = [
      ['padded.jpg', 'too_many_bytes'],
      ['many.jpg', 'too_many_pixels'],
      ['wide.png', 'side_too_long'],
      ['moving.gif', 'too_many_frames'],
      ['bands.tiff', 'too_many_channels'],
    ] as const;
    for (const [name, code] of cases) {
      const error = await render(file(name), strict).catch((thrown: unknown) => thrown);
      expect(error, name).toMatchObject({ code, name: 'NonRetryableError', message: expect.stringMatching(/\d/) });
    }
    await expect(render(file('fits.jpg'), strict)).resolves.toBeDefined();
    strict.close();
    // Frames count: each of them has 200 pixels.
    expect(await refusal({ maxPixels: 799 }, 'moving.gif')).toMatchObject({ code: 'too_many_pixels' });
  });

  it('of memory sends an image to the slot for heavy ones, and refuses it there for good', async () => {
    await sharp(upright).jpeg({ progressive: true }).toFile(file('progressive.jpg'));
    const memoryBytes = 300 * 1024 ** 2;
    // By its header: its decoder would need 480 kB, an ordinary process has half of that to spare.
    const byHeader = imagePool({ processes: 1, memoryBytes: 1, heavyMemoryBytes: memoryBytes });
    await expect(render(file('progressive.jpg'), byHeader)).resolves.toBeDefined();
    // By trying: its header promises little, and the process finds itself above its limit.
    await expect(render(file('some.jpg'), byHeader)).resolves.toBeDefined();
    byHeader.close();
    expect(await refusal({ memoryBytes: 1, heavyMemoryBytes: 1 }, 'progressive.jpg')).toMatchObject({
      code: 'image_too_costly',
      name: 'NonRetryableError',
    });
  });

  it('of processor time is held by the process itself, and by the kernel', async () => {
    expect(await refusal({ cpuMs: 1 }, 'some.jpg')).toMatchObject({
      code: 'image_too_costly',
      message: expect.stringContaining('processor time'),
    });
    const lonely = imagePool({ processes: 1, cpuMs: 2_000 });
    const before = renderers();
    await render(file('some.jpg'), lonely);
    const pid = renderers().find((each) => !before.includes(each));
    const limits = (await exec('prlimit', ['--pid', String(pid), '--noheadings', '--output', 'RESOURCE,SOFT'])).stdout;
    expect(limits).toMatch(/^CPU\s+20$/m);
    expect(limits).toMatch(/^DATA\s+\d+$/m);
    expect(limits).toMatch(/^CORE\s+0$/m);
    lonely.close();
  });

  it('that only a crash shows costs one image, and its file is named', async () => {
    const lonely = imagePool({ processes: 1 });
    const before = renderers();
    await render(file('some.jpg'), lonely);
    const pid = renderers().find((each) => !before.includes(each)) ?? 0;
    const large = file('large.jpg');
    await sharp({ create: { width: 6_000, height: 6_000, channels: 3, background: '#369' } })
      .jpeg()
      .toFile(large);
    made += 1;
    const output = file(`out-${made}`);
    await mkdir(output);
    const lost = lonely.render(large, output, never).catch((error: unknown) => error);
    await until('the first rendition', () => hasRendered(output), { everyMs: 1 });
    process.kill(pid, 'SIGKILL');
    expect(await lost).toMatchObject({ code: 'image_crashed', message: expect.stringMatching(/large\.jpg.*SIGKILL/) });
    await expect(render(file('some.jpg'), lonely)).resolves.toBeDefined();
    lonely.close();
  });
});
