/** Makes the tarball that users would install, once per run, and installs it in a clean folder: what examples run from. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { TestProject } from 'vitest/node';
import type { Installed } from './installed.ts';

/** In the folder that is packed into, once it is done: `Installed`, or `{ problem }`. */
export const outcomeFile = 'outcome.json';

const run = promisify(execFile);
const repository = fileURLToPath(new URL('../..', import.meta.url));

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'twolane-package-'));
  await run(process.execPath, ['--import', 'tsx', 'scripts/build.ts'], { cwd: repository });
  // Other tests need not wait for the rest; see `installedPackage`.
  const told = pack(folder).then(
    (installed) => tell(folder, installed),
    (error) => tell(folder, { problem: String(error.stderr || error) }),
  );
  project.provide('packing', folder);
  return async () => {
    await told;
    await rm(folder, { recursive: true, force: true });
  };
}

async function pack(folder: string): Promise<Installed> {
  await run('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder], { cwd: repository });
  const [name] = (await readdir(folder)).filter((file) => file.endsWith('.tgz'));
  const tarball = join(folder, name as string);
  const app = join(folder, 'app');
  await mkdir(app);
  await writeFile(join(app, 'package.json'), JSON.stringify({ name: 'app', private: true, type: 'module' }));
  await run('npm', ['install', tarball, '--prefer-offline', '--no-audit', '--no-fund'], { cwd: app });
  return { tarball, folder: app };
}

async function tell(folder: string, outcome: Installed | { problem: string }): Promise<void> {
  await writeFile(join(folder, 'unfinished.json'), JSON.stringify(outcome));
  await rename(join(folder, 'unfinished.json'), join(folder, outcomeFile));
}
