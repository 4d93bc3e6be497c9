/** The list of codes: all that can be thrown are in it, and the documentation shows it as it is. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { mediaCodes } from '../../../src/media/codes.ts';

const root = resolve(import.meta.dirname, '../../..');
const folder = join(root, 'src/media');
const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts') && name !== 'codes.ts')
  .map((name) => readFileSync(join(folder, name), 'utf8'));

/** Thrown to programs that call something that can not be, or while they upload; no media ends with them. */
const forPrograms = new Set([
  ...['no_media_jobs', 'not_ready', 'not_an_image', 'not_found', 'no_bucket'],
  ...['upload_expired', 'upload_conflict', 'upload_locked', 'upload_incomplete', 'too_many_parts'],
]);

describe('The codes of failed media', () => {
  it('are those that the pipelines throw', () => {
    const thrown = sources.flatMap((text) =>
      [...text.matchAll(/(?:\bcode: |\bTwolaneError\(|\brefuse\w*\()\s*'([a-z_0-9]+)'/g)].map(([, code]) => code ?? ''),
    );
    expect(thrown.length).toBeGreaterThan(15);
    expect([...new Set(thrown)].filter((code) => !(code in mediaCodes) && !forPrograms.has(code))).toEqual([]);
  });

  it('are listed in the documentation, with their sentences', () => {
    const text = readFileSync(join(root, 'docs/media.md'), 'utf8');
    const rows = [...text.matchAll(/^\| `([a-z_]+)` +\| (.+?) +\| (yes|) *\|$/gm)].map(([, ...cells]) => cells);
    const meant = Object.entries(mediaCodes).map(([code, { sentence, poison }]) => [
      code,
      sentence,
      poison ? 'yes' : '',
    ]);
    expect(rows).toEqual(meant);
  });

  it('tell an owner what to do, and nothing of the inside', () => {
    for (const { sentence } of Object.values(mediaCodes)) {
      expect(sentence).toMatch(/^[A-Z][^`]+\.$/);
      expect(sentence).not.toMatch(/ffmpeg|libvips|sharp|worker|process \d/i);
    }
  });
});
