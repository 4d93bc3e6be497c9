/** Finds installed programs: on the PATH and where Debian and Homebrew keep what they leave off it. */
import { accessSync, constants, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { compareVersions } from './versions.ts';

/** Debian keeps `sbin` off an ordinary user's PATH, Homebrew is not on it in every shell. */
const extraFolders = [
  '/usr/local/sbin',
  '/usr/sbin',
  '/sbin',
  '/opt/homebrew/bin',
  '/opt/homebrew/sbin',
  '/usr/local/bin',
];

export function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The first file of that name on the PATH or in the usual folders. */
export function onPath(program: string): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter).filter(Boolean), ...extraFolders];
  return folders.map((folder) => join(folder, program)).find(isExecutable);
}

/**
 * Folders `parent/<prefix>VERSION/rest`, newest version first: `/usr/lib/postgresql/15/bin`,
 * `/opt/homebrew/opt/postgresql@17/bin`.
 */
export function versionedFolders(parent: string, prefix: string, rest: string): { version: string; folder: string }[] {
  return foldersIn(parent)
    .filter((name) => name.startsWith(prefix) && /^\d+(\.\d+)*$/.test(name.slice(prefix.length)))
    .map((name) => ({ version: name.slice(prefix.length), folder: join(parent, name, rest) }))
    .sort((a, b) => compareVersions(b.version, a.version));
}

function foldersIn(parent: string): string[] {
  try {
    return readdirSync(parent);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
