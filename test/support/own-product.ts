/** The example `own-product` in a clean folder, with the package from its tarball, as two processes. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, readFile, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { until } from './stack.ts';

const run = promisify(execFile);
const example = fileURLToPath(new URL('../../examples/own-product', import.meta.url));

/** Copies the example beside the folder in which the tarball is installed, and installs what it needs. Returns its folder. */
export async function installExample({ tarball, folder: installed }: { tarball: string; folder: string }) {
  const folder = resolve(installed, '..', 'own-product');
  const own = (path: string) => !/\/(node_modules|data)(\/|$)/.test(path.slice(example.length));
  await cp(example, folder, { recursive: true, filter: own });
  // What both need is there already; npm adds the rest.
  await run('cp', ['-al', join(installed, 'node_modules'), join(folder, 'node_modules')]);
  const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  manifest.dependencies.twolane = `file:${tarball}`;
  await writeFile(join(folder, 'package.json'), JSON.stringify(manifest));
  await run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund'], { cwd: folder });
  return folder;
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

export interface Running {
  child: ChildProcess;
  /** What it has written so far. */
  output(): string;
  /** SIGTERM, and its exit code. */
  end(): Promise<number | null>;
}

/** Starts a script of the example's package.json. */
export function startScript(folder: string, script: string, environment: Record<string, string>): Running {
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn('sh', ['-c', `exec ${script}`], {
    cwd: folder,
    env: { PATH: `${join(folder, 'node_modules', '.bin')}:${PATH}`, HOME, ...environment },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text));
  return {
    child,
    output: () => output,
    async end() {
      if (child.exitCode !== null) return child.exitCode;
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      const [code] = await ended;
      return code;
    },
  };
}

/** Waits until the process has written `text`; fails with what it wrote when it ends before. */
export async function untilWritten({ child, output }: Running, text: string): Promise<void> {
  await until(
    `a process writes "${text}"`,
    () => {
      if (child.exitCode !== null) throw new Error(`It ended with ${child.exitCode}:\n${output()}`);
      return output().includes(text);
    },
    { timeoutMs: 60_000 },
  );
}
