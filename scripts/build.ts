/** `npm run build`: everything that production needs, in `dist/`: compiled TypeScript, the operator pages, and the files read at run time. */
import { spawnSync } from 'node:child_process';
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from './run/folder.ts';

const dist = join(repository, 'dist');

/** What the compiled code reads from beside itself. */
const assets = [
  'src/ledger/migrations',
  'src/social/migrations',
  'src/api/web',
  'dashboard/web/dist',
  'src/social/demo/web/dist',
  'scripts/stack/install-debian.sh',
];

function run(script: string, ...args: string[]): void {
  const program = join(repository, 'node_modules', script);
  // Whatever it is here: pages that are built for development are larger by a third.
  const env = { ...process.env, NODE_ENV: 'production' };
  const { status } = spawnSync(process.execPath, [program, ...args], { cwd: repository, stdio: 'inherit', env });
  if (status !== 0) process.exit(status ?? 1);
}

rmSync(dist, { recursive: true, force: true });
// Types are checked by `npm run types`; here they are only taken out.
run('typescript/bin/tsc', '-p', 'tsconfig.build.json', '--noCheck');
for (const pages of ['dashboard/web', 'src/social/demo/web']) run('vite/bin/vite.js', 'build', pages);
for (const asset of assets) cpSync(join(repository, asset), join(dist, asset), { recursive: true });
