/** Which files an HLS playlist names, and the playlists below it. */
import { readFile } from 'node:fs/promises';
import { dirname, join, normalize } from 'node:path';
import { expectThat } from './facts.ts';

/**
 * Names relative to `folder`, the playlist's own first.
 * @throws BrokenFile when it is no playlist, or names something outside of the folder
 */
export async function filesOfPlaylist(folder: string, name: string): Promise<string[]> {
  const text = await readFile(join(folder, name), 'utf8');
  expectThat(text.startsWith('#EXTM3U'), `${name} is no playlist`);
  const named = [...text.matchAll(/URI="([^"]*)"|^([^#\s].*)$/gm)].map(([, uri, line]) => uri ?? line ?? '');
  const files = new Set([name]);
  for (const each of named) {
    const path = normalize(join(dirname(name), each.trim()));
    expectThat(!/^[a-z]+:|^\//i.test(each) && !path.startsWith('..'), `${name} names ${each}`);
    if (files.has(path)) continue;
    const below = path.endsWith('.m3u8') ? await filesOfPlaylist(folder, path) : [path];
    for (const file of below) files.add(file);
  }
  return [...files];
}
