/** The image pipeline in its child processes, with pictures of every kind; exiftool is the independent judge. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { imagePool } from '../../../src/media/index.ts';
import {
  colourAt,
  corners,
  distance,
  largePhoto,
  pngBomb,
  quarters,
  storedFor,
  tag,
  tagsOf,
} from '../../support/pictures.ts';
import { hasRendered } from '../../support/processes.ts';
import { until } from '../../support/stack.ts';

const exec = promisify(execFile);
const pool = imagePool({ processes: 1 });
const never = new AbortController().signal;
let scratch = '';
let made = 0;

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'twolane-image-'));
});
afterAll(async () => {
  pool.close();
  await rm(scratch, { recursive: true, force: true });
});

async function folder(): Promise<string> {
  made += 1;
  const path = join(scratch, `out-${made}`);
  await mkdir(path);
  return path;
}

async function render(input: string, renderer = pool, signal = never, wanted?: Parameters<typeof pool.render>[3]) {
  const output = await folder();
  return { output, image: await renderer.render(input, output, signal, wanted) };
}

/** What exiftool reads in a file, by group and name; numbers as they are stored. */
async function readingsOf(path: string): Promise<Record<string, unknown>[]> {
  const { stdout } = await exec('exiftool', ['-j', '-n', '-G1', '-a', '-ee', path]);
  const outside = /^(SourceFile$|ExifTool:|System:|File:)/;
  return (JSON.parse(stdout) as object[]).map((each) =>
    Object.fromEntries(Object.entries(each).filter(([name]) => !outside.test(name))),
  );
}

const file = (name: string) => join(scratch, name);
/** Processes of this test that render images. */
const children = async () => {
  const { stdout } = await exec('ps', ['-o', 'pid=,args=', '--ppid', String(process.pid)]);
  return stdout.split('\n').flatMap((line) => (/image\/child\.ts/.test(line) ? [Number.parseInt(line, 10)] : []));
};

describe('The image pipeline', { timeout: 90_000 }, () => {
  it('makes five sizes in two formats of a 12-megapixel JPEG, and a placeholder', async () => {
    await largePhoto(file('large.jpg'));
    const { image, output } = await render(file('large.jpg'));
    expect(image).toMatchObject({ width: 4000, height: 3000 });
    expect(image.renditions.map((each) => each.name)).toEqual(
      [1440, 1080, 640, 320, 150].flatMap((width) => [`${width}.webp`, `${width}.jpg`]),
    );
    for (const each of image.renditions) {
      const found = await sharp(join(output, each.name)).metadata();
      expect(found).toMatchObject({ width: each.width, height: each.height, format: each.format, space: 'srgb' });
    }
    const hash = Buffer.from(image.placeholder, 'base64');
    expect(hash.length).toBeGreaterThan(5);
    expect(hash.length).toBeLessThan(40);
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8])('shows EXIF orientation %i upright', async (orientation) => {
    const path = file(`orientation-${orientation}.jpg`);
    await sharp(await storedFor(orientation, await quarters(400, 200)))
      .jpeg({ quality: 95 })
      .toFile(path);
    await tag(path, '-n', `-Orientation=${orientation}`);
    const { image, output } = await render(path);
    expect(image).toMatchObject({ width: 400, height: 200 });
    for (const name of ['400.webp', '150.jpg']) {
      const at = async (x: number, y: number) => colourAt(join(output, name), x, y);
      expect(distance(await at(0.2, 0.2), corners.topLeft)).toBeLessThan(16);
      expect(distance(await at(0.8, 0.2), corners.topRight)).toBeLessThan(16);
      expect(distance(await at(0.2, 0.8), corners.bottomLeft)).toBeLessThan(16);
      expect(distance(await at(0.8, 0.8), corners.bottomRight)).toBeLessThan(16);
    }
  });

  it('leaves no metadata of any kind in any output', async () => {
    const path = file('tagged.jpg');
    await sharp(await quarters(700, 500))
      .withIccProfile('srgb')
      .jpeg()
      .toFile(path);
    await tag(
      path,
      '-GPSLatitude=52.5',
      '-GPSLongitude=13.4',
      '-GPSLatitudeRef=N',
      '-SerialNumber=1234',
      '-Artist=Somebody',
    );
    await tag(path, '-XMP-dc:Creator=Somebody', '-IPTC:City=Berlin', '-Comment=secret', '-XMP-exif:GPSLatitude=52.5');
    const before = (await tagsOf(path)).join(' ');
    for (const group of ['GPS:', 'XMP-dc:', 'IPTC:', 'ICC']) expect(before).toContain(group);
    await tag(path, '-n', '-Orientation=6');
    const wanted = { plain: true, squares: true, filters: ['noir'], avif: true } as const;
    const { output, image } = await render(path, pool, never, wanted);
    const names = await readdir(output);
    // Three widths as they are and in one look, two squares, each as WebP and JPEG; the widths as AVIF.
    expect(names).toHaveLength(2 * (3 + 3 + 2) + 3);
    for (const { name, width, height } of image.renditions) {
      const [found] = await readingsOf(join(output, name));
      expect(found, name).toMatchObject({ 'Composite:ImageSize': `${width} ${height}` });
      // What containers need, and no profile: that is sRGB in each of them.
      const others = Object.keys(found ?? {}).filter((each) => !/^(JFIF|RIFF|QuickTime|Meta|Composite):/.test(each));
      expect(others, name).toEqual([]);
      const telling = /GPS|Orientation|Rotat|Mirror|Profile|Artist|Creat|Serial|Comment|Software|City|Make|Model/;
      expect(
        Object.keys(found ?? {}).filter((each) => telling.test(each)),
        name,
      ).toEqual([]);
    }
    for (const name of names) expect((await readFile(join(output, name))).includes('secret')).toBe(false);
  });

  it('converts Display P3, CMYK and 16-bit grey to sRGB', async () => {
    const colour = [200, 60, 40] as const;
    const plain = sharp({ create: { width: 64, height: 64, channels: 3, background: 'rgb(200,60,40)' } });
    await plain.clone().withIccProfile('p3').png().toFile(file('p3.png'));
    await plain.clone().withIccProfile('cmyk').toColourspace('cmyk').jpeg({ quality: 95 }).toFile(file('cmyk.jpg'));
    await plain.clone().toColourspace('grey16').png().toFile(file('grey16.png'));
    const untouched = await sharp(file('p3.png'), { ignoreIcc: true }).raw().toBuffer();
    expect(Math.abs((untouched[0] ?? 0) - colour[0])).toBeGreaterThan(8);

    const p3 = await render(file('p3.png'));
    expect(distance(await colourAt(join(p3.output, '64.webp'), 0.5, 0.5), colour)).toBeLessThan(6);
    const cmyk = await render(file('cmyk.jpg'));
    expect(distance(await colourAt(join(cmyk.output, '64.jpg'), 0.5, 0.5), colour)).toBeLessThan(40);
    const grey = await render(file('grey16.png'));
    const found = await sharp(join(grey.output, '64.jpg')).metadata();
    expect(found).toMatchObject({ space: 'srgb', depth: 'uchar' });
  });

  it('keeps transparency in WebP and puts white below it in JPEG', async () => {
    await sharp({ create: { width: 200, height: 100, channels: 4, background: { r: 255, g: 0, b: 0, alpha: 0 } } })
      .png()
      .toFile(file('alpha.png'));
    const { output } = await render(file('alpha.png'));
    expect(await sharp(join(output, '200.webp')).metadata()).toMatchObject({ hasAlpha: true });
    expect(await sharp(join(output, '200.jpg')).metadata()).toMatchObject({ hasAlpha: false });
    expect(distance(await colourAt(join(output, '200.jpg'), 0.5, 0.5), [255, 255, 255])).toBeLessThan(3);
  });

  it.each(['webp', 'avif', 'gif', 'tiff', 'png'] as const)('reads %s', async (format) => {
    const path = file(`small.${format}`);
    await sharp(await quarters(40, 30))
      .toFormat(format)
      .toFile(path);
    const { image } = await render(path);
    expect(image.renditions.map((each) => each.name)).toEqual(['40.webp', '40.jpg']);
  });

  it('refuses what is damaged, huge, or of another kind, and says why', async () => {
    const sound = await sharp(await quarters(800, 600))
      .jpeg()
      .toBuffer();
    await writeFile(file('cut.jpg'), sound.subarray(0, sound.length / 2));
    await writeFile(file('empty.jpg'), '');
    await writeFile(file('drawing.png'), '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect/></svg>');
    await writeFile(file('page.jpg'), '%PDF-1.4\n1 0 obj<<>>endobj\n');
    await pngBomb(file('bomb.png'));
    for (const name of ['cut.jpg', 'empty.jpg', 'drawing.png', 'page.jpg'])
      await expect(render(file(name)), name).rejects.toMatchObject({
        code: 'invalid_image',
        name: 'NonRetryableError',
      });
    await expect(render(file('bomb.png'))).rejects.toMatchObject({
      code: 'too_many_pixels',
      name: 'NonRetryableError',
    });
    await expect(render(file('small.png'))).resolves.toBeDefined();
  });
});

describe('An image process', { timeout: 90_000 }, () => {
  it('that is killed costs one image, with a clear error', async () => {
    const lonely = imagePool({ processes: 1 });
    const before = new Set(await children());
    const lost = render(file('large.jpg'), lonely).catch((error: unknown) => error);
    const pid = await until('the process', async () => (await children()).find((each) => !before.has(each)), {
      everyMs: 5,
    });
    process.kill(pid, 'SIGSEGV');
    expect(await lost).toMatchObject({ code: 'image_crashed', message: expect.stringContaining('SIGSEGV') });
    await expect(render(file('small.png'), lonely)).resolves.toBeDefined();
    lonely.close();
  });

  it('ends when its job is aborted', async () => {
    const lonely = imagePool({ processes: 1 });
    await render(file('small.png'), lonely);
    const before = await children();
    const stop = new AbortController();
    const reason = new Error('no longer wanted');
    const output = await folder();
    const stopped = lonely.render(file('large.jpg'), output, stop.signal).catch((error: unknown) => error);
    await until('the first rendition', () => hasRendered(output), { everyMs: 1 });
    stop.abort(reason);
    expect(await stopped).toBe(reason);
    await until('its end', async () => (await children()).length < before.length);
    lonely.close();
  });

  it('gives up an image that needs too much memory or time', async () => {
    const small = imagePool({ processes: 1, memoryBytes: 1024, heavyMemoryBytes: 1024 });
    await expect(render(file('large.jpg'), small)).rejects.toMatchObject({ code: 'image_too_costly' });
    const hasty = imagePool({ processes: 1, timeoutMs: 1 });
    await expect(render(file('large.jpg'), hasty)).rejects.toMatchObject({ code: 'image_timed_out' });
    small.close();
    hasty.close();
  });

  it('is replaced after its share of images', async () => {
    const before = new Set(await children());
    const fresh = imagePool({ processes: 1, imagesPerProcess: 1 });
    await render(file('small.png'), fresh);
    await until('its end', async () => (await children()).every((each) => before.has(each)));
    await expect(render(file('small.png'), fresh)).resolves.toBeDefined();
    fresh.close();
  });
});
