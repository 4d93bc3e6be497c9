/** Nothing becomes ready unless it is what its maker says: each announced file is read back, by readers that did not write it. */
import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { TwolaneError } from '../../contract/index.ts';
import { BrokenFile, expectThat } from './facts.ts';
import { checkImage } from './image.ts';
import type { AnnouncedFile } from './manifest.ts';
import { filesOfPlaylist } from './playlist.ts';
import { checkVideo } from './video.ts';

export type { AnnouncedFile, AnnouncedImage, AnnouncedText, AnnouncedVideo } from './manifest.ts';

/**
 * Compares the files of a folder with what was announced of them.
 * @throws TwolaneError `unexpected_output` for the first file that is missing, broken, different or not announced
 */
export async function verifyFiles(
  folder: string,
  announced: readonly AnnouncedFile[],
  signal: AbortSignal,
): Promise<void> {
  const wrongs = await Promise.all(announced.map((file) => whatIsWrong(folder, file, signal)));
  const first = wrongs.findIndex((wrong) => wrong !== undefined);
  if (first >= 0) throw unexpected(announced[first]?.name ?? '', wrongs[first] ?? '');
  const named = await Promise.all(announced.map((file) => namedBy(folder, file)));
  const known = new Set(named.flat());
  const found = await filesIn(folder);
  const strange = found.find((name) => !known.has(name));
  if (strange) throw unexpected(strange, 'nobody announced it');
  const missing = [...known].find((name) => !found.includes(name));
  if (missing) throw unexpected(missing, 'it is missing');
}

async function whatIsWrong(folder: string, file: AnnouncedFile, signal: AbortSignal): Promise<string | undefined> {
  signal.throwIfAborted();
  try {
    if (file.kind === 'image') return await checkImage(join(folder, file.name), file);
    if (file.kind === 'video') return await checkVideo(folder, file, signal);
    return await checkText(join(folder, file.name), file.begins);
  } catch (error) {
    // A number that was to be read beyond the end, or a file that is not there.
    if (error instanceof BrokenFile || error instanceof RangeError) return error.message;
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 'it is missing';
    if (error instanceof TwolaneError && error.code === 'ffmpeg_failed') return error.message;
    throw error;
  }
}

async function checkText(path: string, begins: string): Promise<undefined> {
  const text = new TextDecoder('utf-8', { fatal: true }).decode(await readFile(path));
  expectThat(text.startsWith(begins), `it does not begin with ${begins}`);
}

function namedBy(folder: string, { name }: AnnouncedFile): Promise<string[]> | string[] {
  return name.endsWith('.m3u8') ? filesOfPlaylist(folder, name) : [name];
}

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
}

function unexpected(name: string, what: string): TwolaneError {
  return new TwolaneError('unexpected_output', `What was made is not what was meant. ${name}: ${what}`);
}
