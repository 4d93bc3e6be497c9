/** What must be installed on the machine besides Node, and which packages bring it. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isExecutable, onPath } from './find.ts';
import { postgres } from './postgres.ts';
import type { StackUrls } from './program.ts';
import { rabbitmq } from './rabbitmq.ts';
import { redis } from './redis.ts';

/** `start`: to run Twolane; `test`: to run its tests as well; `bench`: to measure it beside its peers. */
export const purposes = ['start', 'test', 'bench'] as const;
export type Purpose = (typeof purposes)[number];
export type PackageManager = 'debian' | 'homebrew';

export interface Need {
  title: string;
  isThere(): boolean;
  packages: Record<PackageManager, string>;
  /** Not needed when this variable names a server. */
  urlName?: keyof StackUrls;
  /** Needed for these alone. */
  onlyFor?: readonly Purpose[];
  /** Installed along with what is needed, and never asked for by itself. */
  optional?: true;
}

/** Where the packages of the system install libraries for. */
export const systemPython = '/usr/bin/python3';

/** Debian keeps it where only root's PATH leads. */
export const findGearmand = () =>
  onPath('gearmand') ?? ['/usr/sbin/gearmand', '/usr/local/sbin/gearmand'].find(isExecutable);

/** The library that moves the clock of one process; undefined where there is none. */
export function findFakeTime(): string | undefined {
  const folders = ['/usr/lib', ...['x86_64', 'aarch64'].map((machine) => `/usr/lib/${machine}-linux-gnu`)];
  return folders.map((folder) => join(folder, 'faketime/libfaketimeMT.so.1')).find(existsSync);
}

const macChrome = '/Applications/Google Chrome.app/Contents/MacOS';

export const needs: readonly Need[] = [
  {
    title: postgres.title,
    isThere: () => postgres.find() !== undefined,
    packages: { debian: 'postgresql', homebrew: 'postgresql@17' },
    urlName: postgres.urlName,
  },
  {
    title: redis.title,
    isThere: () => redis.find() !== undefined,
    packages: { debian: 'redis-server', homebrew: 'redis' },
    urlName: redis.urlName,
  },
  {
    title: rabbitmq.title,
    isThere: () => rabbitmq.find() !== undefined && onPath('epmd') !== undefined,
    packages: { debian: 'rabbitmq-server', homebrew: 'rabbitmq' },
    urlName: rabbitmq.urlName,
  },
  {
    title: 'ffmpeg',
    isThere: () => onPath('ffmpeg') !== undefined && onPath('ffprobe') !== undefined,
    packages: { debian: 'ffmpeg', homebrew: 'ffmpeg' },
  },
  {
    title: "libvips' tools",
    isThere: () => onPath('vips') !== undefined,
    packages: { debian: 'libvips-tools', homebrew: 'vips' },
  },
  {
    // Hides all other files from programs that read uploads, which run without it too. macOS has nothing like it.
    title: 'bubblewrap',
    isThere: () => process.platform === 'darwin' || onPath('bwrap') !== undefined,
    packages: { debian: 'bubblewrap', homebrew: '' },
    optional: true,
  },
  {
    title: 'Chromium',
    isThere: () =>
      ['chromium', 'chromium-browser', 'google-chrome'].some(onPath) || isExecutable(join(macChrome, 'Google Chrome')),
    packages: { debian: 'chromium', homebrew: 'google-chrome' },
    onlyFor: ['test'],
  },
  {
    title: 'ExifTool',
    isThere: () => onPath('exiftool') !== undefined,
    packages: { debian: 'libimage-exiftool-perl', homebrew: 'exiftool' },
    onlyFor: ['test'],
  },
  {
    title: 'MediaInfo',
    isThere: () => onPath('mediainfo') !== undefined,
    packages: { debian: 'mediainfo', homebrew: 'media-info' },
    onlyFor: ['test'],
  },
  {
    title: "libheif's tools",
    isThere: () => onPath('heif-enc') !== undefined,
    packages: { debian: 'libheif-examples', homebrew: 'libheif' },
    onlyFor: ['test'],
  },
  {
    title: "Gearman's client",
    isThere: () => onPath('gearman') !== undefined && onPath('gearadmin') !== undefined,
    packages: { debian: 'gearman-tools', homebrew: 'gearman' },
    onlyFor: ['test'],
  },
  {
    title: 'promtool',
    isThere: () => onPath('promtool') !== undefined,
    packages: { debian: 'prometheus', homebrew: 'prometheus' },
    onlyFor: ['test'],
  },
  {
    title: 'libfaketime',
    // Protected programs of macOS take no library along: what needs it is left out there.
    isThere: () => process.platform === 'darwin' || findFakeTime() !== undefined,
    packages: { debian: 'libfaketime', homebrew: '' },
    onlyFor: ['test'],
  },
  {
    title: 'Celery',
    // Homebrew has no package of it: what needs it is left out on macOS.
    isThere: () => process.platform === 'darwin' || spawnSync(systemPython, ['-c', 'import celery']).status === 0,
    packages: { debian: 'python3-celery', homebrew: '' },
    onlyFor: ['test', 'bench'],
  },
  {
    title: "Gearman's server",
    isThere: () => findGearmand() !== undefined,
    packages: { debian: 'gearman-job-server', homebrew: 'gearman' },
    onlyFor: ['bench'],
  },
  ...['zsh', 'fish'].map((shell) => ({
    title: shell,
    isThere: () => onPath(shell) !== undefined,
    packages: { debian: shell, homebrew: shell },
    onlyFor: ['test'] as const,
  })),
];

/** Those of `all` that the purpose asks for, that no URL replaces and that are not installed. */
export function missingNeeds(
  purpose: Purpose,
  environment: Readonly<Record<string, string | undefined>>,
  all: readonly Need[] = needs,
): Need[] {
  return all.filter(
    (need) =>
      (need.onlyFor?.includes(purpose) ?? true) && !(need.urlName && environment[need.urlName]) && !need.isThere(),
  );
}

/** The packages to ask for, each once. */
export function packagesFor(missing: readonly Need[], manager: PackageManager): string[] {
  return [...new Set(missing.map(({ packages }) => packages[manager]).filter(Boolean))];
}
