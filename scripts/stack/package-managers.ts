/** Debian's and Homebrew's package managers: which one is here, what an installation would cost, how to run it. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { onPath } from './find.ts';
import type { PackageManager } from './needs.ts';

const debianScript = fileURLToPath(new URL('install-debian.sh', import.meta.url));

export interface Installer {
  manager: PackageManager;
  /** The command that installs the packages. */
  command(packages: readonly string[]): [string, ...string[]];
  /** How much would be fetched and take room, in words; undefined when the manager does not tell. */
  size(packages: readonly string[]): string | undefined;
}

/**
 * The way to install packages on this machine.
 * @param terminal whether somebody could type a password for sudo
 * @returns a sentence on why not, when there is none
 */
export function installer(terminal: boolean): Installer | string {
  if (onPath('apt-get')) {
    const elevate = elevation(terminal);
    if (!elevate) return 'installing needs root, or sudo that works without a terminal';
    return { manager: 'debian', command: (packages) => debianCommand(elevate, packages), size: debianSize };
  }
  const brew = onPath('brew');
  if (brew) {
    return { manager: 'homebrew', command: (packages) => [brew, 'install', ...packages], size: () => undefined };
  }
  return 'there is neither apt-get nor Homebrew';
}

function debianCommand(elevate: readonly string[], packages: readonly string[]): [string, ...string[]] {
  const [program, ...args] = [...elevate, 'sh', debianScript, ...packages];
  return [program ?? 'sh', ...args];
}

function elevation(terminal: boolean): string[] | undefined {
  if (process.getuid?.() === 0) return [];
  if (!onPath('sudo')) return undefined;
  return terminal || spawnSync('sudo', ['-n', 'true']).status === 0 ? ['sudo'] : undefined;
}

function debianSize(packages: readonly string[]): string | undefined {
  const flags = ['--assume-no', '--no-install-recommends', '-o', 'Debug::NoLocking=1'];
  const run = spawnSync('apt-get', [...flags, 'install', ...packages], {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C' },
  });
  return sizeInWords(run.stdout);
}

/** Takes the sizes out of what `apt-get` says before it asks. Pure. */
export function sizeInWords(output: string): string | undefined {
  const fetched = /Need to get (?:[\d.,]+ [kMG]?B\/)?([\d.,]+ [kMG]?B)/.exec(output)?.[1];
  const room = /([\d.,]+ [kMG]?B) of additional disk space/.exec(output)?.[1];
  return fetched && room ? `${fetched} to download, ${room} on disk` : undefined;
}
