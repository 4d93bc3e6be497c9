/** A folder that holds nothing but the upload: its reader has no neighbour to read. */
import { copyFile, link, mkdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Resolves with the path in the folder, which is made. The name is one of ours: errors tell it. */
export async function isolated(original: string, folder: string, name: string): Promise<string> {
  const path = join(folder, name);
  await mkdir(folder);
  await link(original, path).catch(() => copyFile(original, path));
  return path;
}
