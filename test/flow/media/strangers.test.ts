/** `npm run conformance:media`: a small folder of strangers' files, and what it says of each. */
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Tried, table, verdictOf } from '../../../scripts/media/verdicts.ts';
import { long } from '../../support/long.ts';
import { testUrls } from '../../support/stack.ts';
import { clip } from '../../support/videos.ts';

const root = resolve(import.meta.dirname, '../../..');
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'twolane-strangers-'));
  await mkdir(join(folder, 'deep/er'), { recursive: true });
  const photo = sharp({
    create: {
      width: 90,
      height: 60,
      channels: 3,
      background: '#a52',
      noise: { type: 'gaussian', mean: 128, sigma: 40 },
    },
  }).jpeg();
  const bytes = await photo.toBuffer();
  await writeFile(join(folder, 'photo | of "ours".png'), bytes);
  await writeFile(join(folder, 'deep/er/cut.jpg'), bytes.subarray(0, bytes.length - 60));
  await writeFile(join(folder, 'notes.txt'), 'just text');
  await writeFile(join(folder, 'empty.mp4'), '');
  await clip(join(folder, 'deep/clip.mov'), { width: 64, height: 64, seconds: 1 });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('A folder of strangers’ files', { timeout: 120_000 }, () => {
  it('is tried file by file, in a table and as JSON', long, async () => {
    const json = join(folder, '..', `${folder.split('/').at(-1)}.json`);
    const args = ['--import', 'tsx', 'scripts/media/conformance.ts', folder, '--json', json];
    const child = spawn(process.execPath, args, { cwd: root, env: { ...process.env, ...testUrls() } });
    const text: string[] = [];
    child.stdout.setEncoding('utf8').on('data', (part: string) => text.push(part));
    child.stderr.setEncoding('utf8').on('data', (part: string) => text.push(part));
    const code = await new Promise((done) => child.once('close', done));
    expect(code, text.join('')).toBe(0);
    const tried = JSON.parse(await readFile(json, 'utf8')) as Tried[];
    await rm(json);
    expect(Object.fromEntries(tried.map((one) => [one.file, one.code ?? one.verdict]))).toEqual({
      'deep/clip.mov': 'ready',
      'deep/er/cut.jpg': 'invalid_image',
      'empty.mp4': 'empty_file',
      'notes.txt': 'unsupported_media',
      'photo | of "ours".png': 'ready',
    });
    expect(text.join('')).toContain('5 files: 2 ready, 3 refused, 0 crashed, 0 hung.');
    expect(text.join('')).toMatch(/\| refused \| `unsupported_media` \| 1 \|/);
  });

  it('is told of what crashed and what hung, one by one', () => {
    const tried: Tried[] = [
      { file: 'a.jpg', bytes: 1, verdict: verdictOf('image_crashed'), code: 'image_crashed', ms: 10 },
      { file: 'b.jpg', bytes: 1, verdict: 'hung', ms: 600_000 },
      { file: 'c.jpg', bytes: 1, verdict: verdictOf(undefined), ms: 10 },
    ];
    expect(table(tried)).toContain('3 files: 1 ready, 0 refused, 1 crashed, 1 hung.');
    expect(table(tried)).toContain('- crashed: a.jpg (image_crashed)\n- hung: b.jpg');
  });
});
