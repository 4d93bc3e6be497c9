/** This machine: Node.js, the folder of the files and its disk, ffmpeg, libvips and its tools. */
import { execFile } from 'node:child_process';
import { access, constants, statfs } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { promisify } from 'node:util';
import { onPath } from '../../../scripts/stack/find.ts';
import { isAtLeast } from '../../../scripts/stack/versions.ts';
import type { Config } from '../../config.ts';
import { gapsOfCage } from '../../media/cage.ts';
import { examine, type Finding, fault, ok, warning } from './check.ts';

const oldestNode = '20.19';
const gib = 1024 ** 3;

export async function examineMachine(config: Config): Promise<Finding[]> {
  const parts = await Promise.all([
    examine('Files', 'Correct TWOLANE_FILES_DIR, or make that folder writable.', () => files(config)),
    examine('ffmpeg', 'Install ffmpeg, such as `apt-get install ffmpeg`.', async () => [
      await program('ffmpeg', tools.ffmpeg),
      await program('ffprobe', tools.ffmpeg),
    ]),
    examine('vips', 'Install the tools of libvips, such as `apt-get install libvips-tools`.', async () => [
      await program('vips', tools.vips),
    ]),
    examine('libvips', 'Install the dependencies again for this platform: `npm ci`.', libvips),
  ]);
  return [node(), decoders(), ...parts.flat()];
}

function node(): Finding {
  if (isAtLeast(process.version, oldestNode)) return ok('Node.js', process.version);
  return fault('Node.js', process.version, `Upgrade it to ${oldestNode} or newer.`);
}

function decoders(): Finding {
  const reach = gapsOfCage();
  if (reach.length === 0) return ok('Decoders', 'see their own files alone, and no network');
  const cure =
    'Install bubblewrap and allow user namespaces (`sysctl user.max_user_namespaces`, or the seccomp profile of the container).';
  return warning('Decoders', `programs that read uploads could reach ${reach.join(' and ')}`, cure);
}

async function files({ TWOLANE_FILES_DIR }: Config): Promise<Finding[]> {
  const folder = await nearest(resolve(TWOLANE_FILES_DIR));
  await access(folder, constants.W_OK);
  const { bavail, blocks, bsize } = await statfs(folder);
  const [free, all] = [bavail * bsize, blocks * bsize];
  const found = `${(free / gib).toFixed(1)} GiB free of ${(all / gib).toFixed(1)} GiB in ${folder}`;
  if (free > 2 * gib && free > all * 0.05) return [ok('Disk of the files', found)];
  return [
    warning('Disk of the files', found, 'Make room or move TWOLANE_FILES_DIR: uploads are refused when it is full.'),
  ];
}

/** The folder itself, or the first one above it that is there: it is made on first use. */
async function nearest(folder: string): Promise<string> {
  const there = await access(folder).then(
    () => true,
    () => false,
  );
  return there || dirname(folder) === folder ? folder : nearest(dirname(folder));
}

interface Tool {
  /** What does not work without it. */
  without: string;
  packages: string;
  version: readonly string[];
}

const tools = {
  ffmpeg: {
    without: 'videos fail here',
    packages: '`apt-get install ffmpeg` or `brew install ffmpeg`',
    version: ['-version'],
  },
  vips: {
    without: 'HEIC photos are refused here',
    packages: '`apt-get install libvips-tools` or `brew install vips`',
    version: ['--version'],
  },
} as const satisfies Record<string, Tool>;

async function program(name: string, { without, packages, version }: Tool): Promise<Finding> {
  const path = onPath(name);
  const cure = `Install it on machines that run bulk workers: ${packages}.`;
  if (!path) return warning(name, `not installed: ${without}`, cure);
  const { stdout } = await promisify(execFile)(path, version, { timeout: 5_000 });
  return ok(name, /(?:version |vips-)(\S+)/.exec(stdout)?.[1] ?? path);
}

async function libvips(): Promise<Finding[]> {
  const { default: sharp } = await import('sharp');
  return [ok('libvips', `${sharp.versions.vips}, through sharp ${sharp.versions.sharp ?? ''}`.trim())];
}
