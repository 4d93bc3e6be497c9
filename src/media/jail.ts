/**
 * A file system of its own for a program that reads strangers' bytes: the programs of the system, and of everything else what is
 * named. By bubblewrap, which also takes away the network, other processes, and all capabilities.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** What a program may see beside the system. Absolute paths that exist. */
export interface Sight {
  /** Folders that it may write to. */
  write?: readonly string[];
  /** Files and folders that it may read. */
  read?: readonly string[];
}

const bubblewrap = '/usr/bin/bwrap';

/** Programs and libraries. Of `/etc` only what finds libraries. */
const system = ['/usr', '/bin', '/sbin', '/lib', '/lib64', '/etc/ld.so.cache', '/etc/alternatives'];

const walls = [
  ...['--die-with-parent', '--unshare-net', '--unshare-ipc', '--unshare-uts', '--cap-drop', 'ALL'],
  // The program itself is the first of its processes: one that only waits for it would be left behind by bubblewrap as a zombie.
  ...['--unshare-pid', '--as-pid-1'],
  ...system.flatMap((path) => ['--ro-bind-try', path, path]),
  ...['--proc', '/proc', '--dev', '/dev', '--tmpfs', '/tmp'],
];

let works: boolean | undefined;

/** Whether this system can do it. Asked once. */
export function hasJail(): boolean {
  works ??=
    existsSync(bubblewrap) &&
    // What a program inside uses is read from the list of children.
    existsSync('/proc/thread-self/children') &&
    spawnSync(bubblewrap, [...walls, '--', '/bin/true'], { timeout: 5_000 }).status === 0;
  return works;
}

/** The words before a program that leave it with this alone; undefined where the system can't do it. */
export function jail({ write = [], read = [] }: Sight): string[] | undefined {
  if (!hasJail()) return undefined;
  const binds = [...write.map((path) => ['--bind', path]), ...read.map((path) => ['--ro-bind', path])];
  // What lies in another of these folders comes after it, and keeps its own rule.
  const outerFirst = binds.toSorted(([, a = ''], [, b = '']) => a.length - b.length);
  return [bubblewrap, ...walls, ...outerFirst.flatMap(([how = '', path = '']) => [how, path, path]), '--'];
}
