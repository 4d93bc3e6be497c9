/** What the system knows about running processes, ours or not. */
import { spawnSync } from 'node:child_process';
import { readIfThere } from './secrets.ts';

/**
 * When a process was started, as the system tells it; undefined when there is no such process. Together with the pid it
 * names one process for good, although pids are used again.
 */
export function startOf(pid: number): string | undefined {
  if (process.platform !== 'linux') return ps(pid, 'lstart=');
  const stat = readIfThere(`/proc/${pid}/stat`);
  const [state, ...rest] = stat?.slice(stat.lastIndexOf(')') + 2).split(' ') ?? [];
  return state === 'Z' ? undefined : rest[18];
}

/** The command line of a process, arguments separated by blanks; undefined when there is no such process. */
export function commandOf(pid: number): string | undefined {
  if (process.platform !== 'linux') return ps(pid, 'command=');
  return readIfThere(`/proc/${pid}/cmdline`)?.replaceAll('\0', ' ');
}

function ps(pid: number, column: string): string | undefined {
  return spawnSync('ps', ['-o', column, '-p', String(pid)], { encoding: 'utf8' }).stdout.trim() || undefined;
}
