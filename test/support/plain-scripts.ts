/** The sources as plain JavaScript, for processes that tests start: without tsx these are there in a third of the time. */
import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { transformWithOxc } from 'vite';

const repository = fileURLToPath(new URL('../..', import.meta.url));
const folders = ['src', 'jobs', 'workers', 'dashboard', 'test/support', 'test/chaos'];
/** What the code reads from beside itself. */
const assets = ['package.json', 'src/ledger/migrations', 'src/social/migrations', 'src/api/web'];
const ownImport = /((?:from|import|import\()\s*['"]\.{1,2}\/[^'"]+)\.ts(['"])/g;

/** Writes them to a folder of the same shape. Returns it and the way to remove it. */
export async function makePlainScripts(): Promise<{ folder: string; remove(): Promise<void> }> {
  // Inside node_modules, so that the libraries are found.
  const folder = join(repository, 'node_modules', `.twolane-test-${process.pid}`);
  await Promise.all(assets.map((asset) => cp(join(repository, asset), join(folder, asset), { recursive: true })));
  await Promise.all((await Promise.all(folders.map(sources))).flat().map((file) => translate(file, folder)));
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}

async function sources(folder: string): Promise<string[]> {
  const names = await readdir(join(repository, folder), { recursive: true });
  return names.filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts')).map((name) => join(folder, name));
}

async function translate(file: string, folder: string): Promise<void> {
  const source = await readFile(join(repository, file), 'utf8');
  const { code } = await transformWithOxc(source, file, { sourcemap: false });
  const target = join(folder, file.replace(/\.ts$/, '.js'));
  await mkdir(dirname(target), { recursive: true });
  await writeFile(target, code.replaceAll(ownImport, '$1.js$2'));
}
