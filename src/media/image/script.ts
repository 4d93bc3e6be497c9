/** The program of the image processes, and the files that it is made of. */
import { existsSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir, userInfo } from 'node:os';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const here = fileURLToPath(import.meta.url);
/** TypeScript in development, where tsx has to be loaded first, JavaScript after a build. */
const extension = extname(here);

export function script(): { path: string; execArgv: string[] } {
  const path = join(dirname(here), `child${extension}`);
  if (extension !== '.ts') return { path, execArgv: [] };
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx'));
  return { path, execArgv: ['--import', tsx.href] };
}

/** What it reads while it starts: Node.js, our code, libraries, and what says how to load them. */
export function filesOfScript(): string[] {
  const code = dirname(dirname(dirname(here)));
  const beside = foldersAbove(code).flatMap((folder) =>
    ['node_modules', 'package.json', 'tsconfig.json'].map((name) => join(folder, name)),
  );
  const compiled = extension === '.ts' ? [join(tmpdir(), `tsx-${userInfo().uid}`)] : [];
  const there = [process.execPath, code, ...beside, ...compiled].filter((path) => existsSync(path));
  // Node.js looks for a module where a link leads.
  return [...new Set([...there, ...there.map((path) => realpathSync(path))])];
}

function foldersAbove(folder: string): string[] {
  const above = dirname(folder);
  return above === folder ? [folder] : [folder, ...foldersAbove(above)];
}
