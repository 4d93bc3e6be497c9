/** The files under deploy/, and how they are read. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from '../run/folder.ts';

export const deploy = join(repository, 'deploy');

export function textOf(...path: string[]): string {
  return readFileSync(join(deploy, ...path), 'utf8');
}

/** Names of the files in a folder of deploy/ that end like this, sorted. */
export function filesIn(folder: string, ending: string): string[] {
  return readdirSync(join(deploy, folder))
    .filter((name) => name.endsWith(ending))
    .sort();
}
