/** Animations stay what they are, and long ones become a video as well. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { mediaClient } from '../../support/media-client.ts';
import { colourAt, distance, scene, tagsOf } from '../../support/pictures.ts';

let app: TestApp;
let ada: ReturnType<typeof mediaClient>;
let scratch = '';

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'twolane-animations-'));
  app = await startTestApp();
  ada = mediaClient(app, 'ada');
});
afterAll(async () => {
  await app?.stop();
  await rm(scratch, { recursive: true, force: true });
});

const blob = (bytes: Buffer) => new Blob([new Uint8Array(bytes)]);

describe('An animation', { timeout: 90_000 }, () => {
  const exec = promisify(execFile);
  const moving = async (delay: number[]) => {
    const frames = delay.map(async (_, at) =>
      sharp(await scene(40 + at, 91)).extend({ bottom: 10, background: '#0000' }),
    );
    const pictures = await Promise.all(frames.map(async (each) => (await each).png().toBuffer()));
    return sharp(pictures, { join: { animated: true } }).withXmp('<x:xmpmeta xmlns:x="adobe:ns:meta/"/>');
  };
  const kept = async ({ name, url }: { name: string; url: string }) => {
    const path = join(scratch, name);
    await writeFile(path, Buffer.from(await (await fetch(app.url + url)).arrayBuffer()));
    return path;
  };

  it('that is long is there as MP4 as well: all frames with their times, upright, on white, and nothing else', async () => {
    const delay = [3_000, 40, 1_500, 2_000];
    const long = await ada.uploadAndWait(blob(await (await moving(delay)).gif({ delay }).toBuffer()));
    const films = long.renditions.filter(({ format }) => format === 'mp4');
    expect(films).toMatchObject([{ name: 'animated-90.mp4', width: 90, height: 100, frames: 4 }]);
    const path = await kept(films[0] as (typeof films)[0]);
    const { stdout } = await exec('mediainfo', ['--Output=JSON', path]);
    const [general, video, ...others] = JSON.parse(stdout).media.track;
    expect(others).toEqual([]);
    expect(general).toMatchObject({ Format: 'MPEG-4', Duration: '6.540' });
    expect(video).toMatchObject({ Format: 'AVC', Width: '90', Height: '100', FrameCount: '4', Rotation: '0.000' });
    expect(video).toMatchObject({ colour_primaries: 'BT.709', colour_range: 'Limited', ChromaSubsampling: '4:2:0' });
    const groups = (await tagsOf(path)).map((name) => name.split(':')[0]);
    expect(groups.filter((name) => /GPS|XMP|EXIF|IFD|UserData|Keys/.test(name ?? ''))).toEqual([]);
    const at = async (time: number, x: number, y: number) => {
      await exec('ffmpeg', ['-y', '-v', 'error', '-ss', String(time), '-i', path, '-frames:v', '1', `${path}.png`]);
      return colourAt(`${path}.png`, x, y);
    };
    expect(distance(await at(1, 0.5, 0.97), [255, 255, 255])).toBeLessThan(12);
    // The first frame from then on is the third.
    const third = await colourAt(await keptBytes('third.png', await scene(42, 91)), 0.5, 0.5);
    expect(distance(await at(3.03, 0.5, 0.455), third)).toBeLessThan(40);
  });

  it('that is short stays what it is', async () => {
    const delay = [100, 100];
    const short = await ada.uploadAndWait(blob(await (await moving(delay)).webp({ delay }).toBuffer()));
    expect(short.renditions.map(({ name }) => name)).toEqual(expect.arrayContaining(['animated-91.webp']));
    expect(short.renditions.filter(({ format }) => format === 'mp4')).toEqual([]);
    const moves = short.renditions.find(({ frames }) => frames === 2);
    expect(
      (await tagsOf(await kept(moves as NonNullable<typeof moves>))).filter((each) => !/^RIFF:/.test(each)),
    ).toEqual([]);
  });

  it('whose frames are the same for a while shows them as long as it did', async () => {
    const [still, other] = await Promise.all([scene(50, 64), scene(51, 64)]);
    const repeats = sharp([still, still, still, other], { join: { animated: true } });
    const delay = [100, 120, 80, 200];
    const bytes = await repeats.gif({ delay, keepDuplicateFrames: true }).toBuffer();
    expect(await sharp(bytes).metadata()).toMatchObject({ pages: 4 });
    const shown = await ada.uploadAndWait(blob(bytes));
    expect(shown.state).toBe('ready');
    const animated = shown.renditions.find(({ name }) => name === 'animated-64.webp');
    const { pages, delay: pauses } = await sharp(await kept(animated as NonNullable<typeof animated>)).metadata();
    expect([pages, pauses]).toEqual([animated?.frames, [300, 200]]);
  });

  it('that never moves is a picture', async () => {
    const still = await scene(52, 64);
    const repeats = sharp([still, still, still], { join: { animated: true } });
    const bytes = await repeats.gif({ delay: [100, 100, 100], keepDuplicateFrames: true }).toBuffer();
    expect((await ada.uploadAndWait(blob(bytes))).state).toBe('ready');
  });

  async function keptBytes(name: string, bytes: Buffer): Promise<string> {
    await writeFile(join(scratch, name), bytes);
    return join(scratch, name);
  }
});
