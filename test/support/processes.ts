/** What runs now, found without a process of its own: tests ask again and again. */
import { readdirSync, readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestApp } from './app.ts';

/** All of this machine. */
function processes(): { pid: string; command: string }[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.map((pid) => ({ pid, command: commandOf(pid) }));
}

/** Ids of the processes below this one that render images, without what watches over them. */
export function renderers(): number[] {
  const all = processes().map(({ pid, command }) => ({ pid: Number(pid), parent: parentOf(pid), command }));
  const below = (parent: number): typeof all =>
    all.filter((each) => each.parent === parent).flatMap((child) => [child, ...below(child.pid)]);
  return below(process.pid).flatMap(({ pid, command }) => (/^\S*node .*image\/child\.[jt]s/.test(command) ? pid : []));
}

/** Whether a process of this one has made a file already, in the folder itself or in its own, where it sees no other. */
export async function hasRendered(output: string): Promise<boolean> {
  const homes = (await readdir(tmpdir())).filter(
    (name) => name.startsWith('twolane-images-') && name.includes(`-${process.pid}-`),
  );
  const folders = [output, ...homes.map((name) => join(tmpdir(), name, 'out'))];
  const found = await Promise.all(folders.map((folder) => readdir(folder).catch(() => [])));
  return found.flat().length > 0;
}

function parentOf(pid: string): number {
  try {
    return Number(/^\d+ \(.*\) \S (\d+)/s.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1]);
  } catch {
    return 0;
  }
}

/** Command lines that name a folder. */
export function commandsIn(folder: string): string[] {
  return processes().flatMap(({ command }) => (command.includes(folder) ? command : []));
}

/** Those of the ffmpeg processes that encode pictures for one app. */
export function encoders({ config }: Pick<TestApp, 'config'>): string[] {
  return commandsIn(config.TWOLANE_FILES_DIR).filter((line) => line.includes('libx264'));
}

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    // Ended just now.
    return '';
  }
}
