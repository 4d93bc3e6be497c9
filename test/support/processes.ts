/** What runs now, found without a process of its own: tests ask again and again. */
import { readdirSync, readFileSync } from 'node:fs';
import type { TestApp } from './app.ts';

/** All that run, of this machine. */
export function processes(): { pid: string; command: string }[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.map((pid) => ({ pid, command: commandOf(pid) }));
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
