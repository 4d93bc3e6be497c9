/** Builds the operator's pages and the demo from their sources as they are now, as an installation does; under a second. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const repository = fileURLToPath(new URL('../..', import.meta.url));

export async function buildPages(): Promise<void> {
  const vite = fileURLToPath(new URL('../../node_modules/vite/bin/vite.js', import.meta.url));
  const environment = { ...process.env, NODE_ENV: 'production' };
  const build = (pages: string) =>
    promisify(execFile)(process.execPath, [vite, 'build', pages, '--logLevel', 'error'], {
      cwd: repository,
      env: environment,
    });
  await Promise.all(['dashboard/web', 'src/social/demo/web'].map(build));
}
