/** Scripts of ours as processes and threads: TypeScript in development, where tsx has to be loaded first, JavaScript after a build. */
import { createRequire } from 'node:module';
import { extname } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';

/** What to fork: the file `name` beside the module whose `import.meta.url` is `beside`, and options of Node.js that it needs. */
export function scriptBeside(beside: string, name: string): { path: string; execArgv: string[] } {
  const path = fileURLToPath(urlBeside(beside, name));
  if (extname(path) !== '.ts') return { path, execArgv: [] };
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx'));
  return { path, execArgv: ['--import', tsx.href] };
}

/** Starts the file `name` beside the module as a thread. tsx leaves threads alone unless they ask for it. */
export function threadBeside(beside: string, name: string, workerData: unknown): Worker {
  const url = urlBeside(beside, name);
  if (extname(url.pathname) !== '.ts') return new Worker(url, { workerData });
  const [tsx, script] = [import.meta.resolve('tsx/esm/api'), url.href].map((one) => JSON.stringify(one));
  const source = `import(${tsx}).then(({ register }) => { register(); return import(${script}); })`;
  return new Worker(source, { eval: true, workerData });
}

function urlBeside(beside: string, name: string): URL {
  return new URL(`./${name}${extname(fileURLToPath(beside))}`, beside);
}
