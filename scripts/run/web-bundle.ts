/** Builds the operator pages and the demo where their bundles are missing or older than their sources. */
import { execFile } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { StackError } from '../stack/program.ts';

/**
 * @returns whether it had to build
 * @throws StackError with what Vite says
 */
export async function buildWebBundle(repository: string): Promise<boolean> {
  const webs = ['dashboard/web', 'src/social/demo/web'].map((web) => join(repository, web));
  const built = await Promise.all(webs.map((web) => build(repository, web)));
  return built.includes(true);
}

async function build(repository: string, web: string): Promise<boolean> {
  const dist = join(web, 'dist');
  // A package has the bundle and no page to build it from.
  if (!existsSync(join(web, 'index.html')) || newest(dist) > newest(web, dist)) return false;
  const vite = join(repository, 'node_modules', 'vite', 'bin', 'vite.js');
  const building = promisify(execFile)(process.execPath, [vite, 'build', web, '--logLevel', 'warn'], {
    cwd: repository,
  });
  await building.catch((error: Error & { stderr?: string }) => {
    throw new StackError(`${web} could not be built:\n${error.stderr || error.message}`);
  });
  return true;
}

/** When the youngest file under a folder was changed, in milliseconds since 1970; 0 for an empty or missing folder. */
function newest(folder: string, except?: string): number {
  if (!existsSync(folder)) return 0;
  const times = readdirSync(folder, { withFileTypes: true }).map((entry) => {
    const path = join(folder, entry.name);
    if (path === except || entry.name === 'node_modules') return 0;
    return entry.isDirectory() ? newest(path, except) : statSync(path).mtimeMs;
  });
  return Math.max(0, ...times);
}
