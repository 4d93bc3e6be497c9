/** What was made is read back before it is shown: real files of every format, and each way in which one can be wrong. */
import { appendFile, copyFile, mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { announcedBy } from '../../../src/media/attempt.ts';
import { imagePool, videoMaker } from '../../../src/media/index.ts';
import {
  type AnnouncedFile,
  type AnnouncedImage,
  type AnnouncedVideo,
  verifyFiles,
} from '../../../src/media/verify/index.ts';
import { quarters, tag } from '../../support/pictures.ts';
import { clip, makeVideo, remux } from '../../support/videos.ts';

const { signal } = new AbortController();
let scratch = '';
let folders = 0;
let picture: Buffer;

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'twolane-verify-'));
  picture = await quarters(61, 40);
});
afterAll(() => rm(scratch, { recursive: true, force: true }));

async function folder(): Promise<string> {
  folders += 1;
  const path = join(scratch, String(folders));
  await mkdir(path);
  return path;
}

/** What is wrong with one file that `write` makes; undefined when nothing is. */
async function verdict(announced: AnnouncedFile, write: (path: string, folder: string) => Promise<unknown>) {
  const place = await folder();
  await write(join(place, announced.name), place);
  return verifyFiles(place, [announced], signal).then(
    () => undefined,
    (error: { code?: string; message: string }) => {
      expect(error.code).toBe('unexpected_output');
      return error.message;
    },
  );
}

const formats = ['jpeg', 'webp', 'png', 'avif'] as const;
const image = (format: AnnouncedImage['format'], more: Partial<AnnouncedImage> = {}): AnnouncedImage => ({
  kind: 'image',
  name: `61.${format}`,
  format,
  width: 61,
  height: 40,
  ...more,
});
const encode = (format: AnnouncedImage['format']) => (path: string) => sharp(picture)[format]().toFile(path);

describe('An image that was made', { tags: ['security'] }, () => {
  it.each(formats)('is taken when it is as announced: %s', async (format) => {
    expect(await verdict(image(format), encode(format))).toBeUndefined();
    const lossless = (path: string) => sharp(picture).ensureAlpha(0.5).webp({ lossless: true }).toFile(path);
    expect(await verdict(image('webp'), lossless)).toBeUndefined();
    const progressive = (path: string) => sharp(picture).jpeg({ progressive: true }).toFile(path);
    expect(await verdict(image('jpeg'), progressive)).toBeUndefined();
  });

  it.each(formats)('is refused when it is cut, longer, of another size or of another format: %s', async (format) => {
    const cut = async (path: string) => {
      await encode(format)(path);
      await truncate(path, (await readFile(path)).length - 3);
    };
    const longer = async (path: string) => {
      await encode(format)(path);
      await appendFile(path, '<script>alert(1)</script>');
    };
    const other = format === 'png' ? 'webp' : 'png';
    expect(await verdict(image(format), cut)).toMatch(/early|not as long|follow/);
    expect(await verdict(image(format), longer)).toMatch(/follow|not as long|early/);
    expect(await verdict(image(format, { width: 62 }), encode(format))).toMatch('61x40 pixels, not 62x40');
    expect(await verdict(image(format, { frames: 2 }), encode(format))).toMatch('1 frames, not 2');
    expect(await verdict(image(format), encode(other))).toMatch('begins here');
    expect(await verdict(image(format), (path) => writeFile(path, ''))).toBeDefined();
  });

  it.each(formats)('is refused with a place, a comment, a turn or another colour space in it: %s', async (format) => {
    const withTag =
      (...tags: string[]) =>
      async (path: string) => {
        await encode(format)(path);
        await tag(path, ...tags);
      };
    const place = ['-EXIF:GPSLatitude=52.5', '-EXIF:GPSLatitudeRef=N'];
    expect(await verdict(image(format), withTag(...place))).toMatch('metadata');
    expect(await verdict(image(format), withTag('-XMP:Title=secret'))).toMatch('metadata');
    const coloured = (path: string) => sharp(picture).withIccProfile('p3')[format]().toFile(path);
    expect(await verdict(image(format), coloured)).toMatch('not sRGB');
    const turned = (path: string) => sharp(picture).withMetadata({ orientation: 6 })[format]().toFile(path);
    expect(await verdict(image(format), turned)).toMatch(/metadata|upright|not sRGB/);
  });

  it('has the frames of an animation', async () => {
    const frames = [1, 2, 3].map((n) =>
      sharp(picture)
        .tint({ r: n * 60, g: 0, b: 0 })
        .png()
        .toBuffer(),
    );
    const animation = async (path: string) =>
      sharp(await Promise.all(frames), { join: { animated: true } })
        .webp()
        .toFile(path);
    expect(await verdict(image('webp', { frames: 3 }), animation)).toBeUndefined();
    expect(await verdict(image('webp'), animation)).toMatch('3 frames, not 1');
  });

  it('is shown only with what was announced, and all of that', async () => {
    const stray = async (path: string, place: string) => {
      await encode('webp')(path);
      await writeFile(join(place, 'core.dump'), 'memory');
    };
    expect(await verdict(image('webp'), stray)).toMatch('core.dump: nobody announced it');
    expect(await verdict(image('webp'), async () => undefined)).toMatch('61.webp: it is missing');
  });

  it('may have texts beside it, of which the beginning is known', async () => {
    const text: AnnouncedFile = { kind: 'text', name: 'a.vtt', begins: 'WEBVTT' };
    expect(await verdict(text, (path) => writeFile(path, 'WEBVTT\n\n'))).toBeUndefined();
    expect(await verdict(text, (path) => writeFile(path, '<html>'))).toMatch('does not begin with WEBVTT');
  });
});

describe('A video that was made', { timeout: 60_000 }, () => {
  const images = imagePool({ processes: 1 });
  let source = '';
  let made = '';
  let files: readonly AnnouncedFile[] = [];

  beforeAll(async () => {
    source = join(scratch, 'clip.mp4');
    await clip(source, { width: 320, height: 180, fps: 12, seconds: 5, options: ['-map_metadata', '-1'] });
    made = await folder();
    const making = { input: source, output: made, scratch: await folder() };
    const video = await makeVideo(videoMaker({ images }), making, signal);
    files = announcedBy(video);
  }, 60_000);
  afterAll(() => images.close());

  it('is taken when it is as announced, with the exact number of frames', async () => {
    const [rung] = files.filter((each): each is AnnouncedVideo => each.kind === 'video');
    expect(rung).toMatchObject({ pictures: [{ width: 320, height: 180, frames: 60 }], sounds: 1 });
    expect(Math.abs((rung?.durationS ?? 0) - 5)).toBeLessThan(1 / 12);
    await verifyFiles(made, files, signal);
  });

  it('is refused when it is not', async () => {
    const [rung] = files.filter((each): each is AnnouncedVideo => each.kind === 'video');
    if (!rung) throw new Error('no rung was announced');
    const others = files.filter((each) => each !== rung);
    const against = (change: Partial<AnnouncedVideo>) => verifyFiles(made, [...others, { ...rung, ...change }], signal);
    await expect(against({ durationS: rung.durationS + 0.2 })).rejects.toThrow(/it lasts .* not/);
    await expect(against({ sounds: 0 })).rejects.toThrow('1 sound tracks, not 0');
    const pictures = [{ width: 320, height: 180, frames: 59 }];
    await expect(against({ pictures })).rejects.toThrow('60 frames, not 59');
    await expect(against({ pictures: [{ width: 320, height: 182 }] })).rejects.toThrow('no rung of 320x182');
  });

  it('is refused when a segment is missing, cut, or a stranger', async () => {
    const segments = (await readdir(join(made, 'video'))).filter((name) => name.startsWith('0-')).sort();
    const last = join(made, 'video', segments.at(-1) ?? '');
    const whole = await readFile(last);
    await truncate(last, Math.floor(whole.length / 3));
    await expect(verifyFiles(made, files, signal)).rejects.toMatchObject({ code: 'unexpected_output' });
    await rm(last);
    await expect(verifyFiles(made, files, signal)).rejects.toMatchObject({ code: 'unexpected_output' });
    await writeFile(last, whole);
    await verifyFiles(made, files, signal);
    await writeFile(join(made, 'video', '99999.m4s'), whole);
    await expect(verifyFiles(made, files, signal)).rejects.toThrow('nobody announced it');
    await rm(join(made, 'video', '99999.m4s'));
    const playlist = join(made, 'video', 'media_0.m3u8');
    const text = await readFile(playlist, 'utf8');
    await writeFile(playlist, text.replace(/\d{5}\.m4s/, '../../../originals/1'));
    await expect(verifyFiles(made, files, signal)).rejects.toMatchObject({ code: 'unexpected_output' });
    await writeFile(playlist, text);
  });

  it('is refused with a title, a turn, or colours that a plain screen shows wrong', async () => {
    const announced: AnnouncedVideo = {
      kind: 'video',
      name: 'clip.mp4',
      pictures: [{ width: 320, height: 180, frames: 60 }],
      sounds: 1,
      durationS: 5,
      frameS: 1 / 12,
    };
    const bare = ['-map_metadata', '-1', '-fflags', '+bitexact', '-flags:v', '+bitexact', '-flags:a', '+bitexact'];
    const plain = join(scratch, 'plain.mp4');
    await remux(source, plain, ...bare);
    expect(await verdict(announced, (path) => copyFile(plain, path))).toBeUndefined();
    const title = (path: string) => remux(plain, path, ...bare, '-metadata', 'title=secret');
    expect(await verdict(announced, title)).toMatch('metadata: title');
    const place = (path: string) => remux(plain, path, ...bare, '-metadata', 'location=+52.5+013.4/');
    expect(await verdict(announced, place)).toMatch('metadata: location');
    const turned = (path: string) => remux(plain, path, ...bare, '-metadata:s:v:0', 'rotate=90');
    expect(await verdict(announced, turned)).toMatch('not upright');
    const tones = ['-bsf:v', 'h264_metadata=transfer_characteristics=16'];
    expect(await verdict(announced, (path) => remux(plain, path, ...bare, ...tones))).toMatch('smpte2084');
  });
});
