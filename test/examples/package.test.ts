/** The package as npm would get it: its exports resolve, its types are right, and it loads without the sources. */
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { describe, expect, test } from 'vitest';
import { freePort } from '../../scripts/stack/ports.ts';
import { Programs } from '../support/example.ts';
import { installedPackage } from '../support/installed.ts';
import { freshDatabase, freshPrefix, testUrls, until } from '../support/stack.ts';

const run = promisify(execFile);
const { tarball, folder } = await installedPackage();
const twolane = join(folder, 'node_modules', 'twolane');
const manifest = JSON.parse(readFileSync(join(twolane, 'package.json'), 'utf8'));
const subpaths = Object.keys(manifest.exports).filter((path) => path !== './package.json');

describe('The package', () => {
  test('publint finds nothing', async () => {
    const { messages } = await publint({ pkgDir: twolane, pack: false, level: 'suggestion' });
    expect(messages.filter(({ code }) => code !== 'USE_TYPE')).toEqual([]);
  });

  test('types are right wherever ES modules are understood', async () => {
    const answer = await checkPackage(createPackageFromTarballData(new Uint8Array(readFileSync(tarball))));
    // It is a package of ES modules alone: what cannot import those is told so by its own compiler.
    const known = ({ kind, resolutionKind }: { kind: string; resolutionKind?: string }) =>
      kind === 'CJSResolvesToESM' || (kind === 'NoResolution' && resolutionKind === 'node10');
    expect(answer.types && 'problems' in answer && answer.problems.filter((problem) => !known(problem))).toEqual([]);
  });

  test('nothing runs when it is installed', () => {
    const scripts = Object.keys(manifest.scripts);
    expect(scripts.filter((name) => /^(pre|post)?(install|prepare)$/.test(name))).toEqual([]);
  });

  test('every subpath loads, without tsx and without sources', async () => {
    expect(existsSync(join(folder, 'node_modules', 'tsx'))).toBe(false);
    expect(existsSync(join(twolane, 'src'))).toBe(false);
    const names = subpaths.map((path) => join('twolane', path)).map((name) => `await import('${name}');`);
    const script = `${names.join('')} process.stdout.write((await import('twolane')).version)`;
    const { stdout } = await run(process.execPath, ['--input-type=module', '-e', script], { cwd: folder });
    expect(stdout).toBe(manifest.version);
  });

  test('its command starts every role in one process on servers that are given, and runs what it is asked for', {
    timeout: 90_000,
  }, async () => {
    const database = await freshDatabase();
    const [port, apiKey] = [`${await freePort()}`, 'k'.repeat(32)];
    const own = { TWOLANE_PREFIX: freshPrefix(), TWOLANE_API_KEY: apiKey, TWOLANE_PRODUCT: 'none', LOG_LEVEL: 'error' };
    const given = { ...testUrls(), DATABASE_URL: database.url, TWOLANE_FILES_DIR: join(folder, 'started') };
    const programs = new Programs({ ...given, ...own });
    try {
      const program = programs.start(folder, join(folder, 'node_modules/.bin/twolane'), 'start', '--port', port);
      const call = async (path: string, body?: object) => {
        const headers = { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' };
        const init = body && { method: 'POST', body: JSON.stringify(body) };
        const answer = await fetch(`http://127.0.0.1:${port}${path}`, { headers, ...init });
        return (await answer.json()) as { id: string; status: string; items: { pid: number }[] };
      };
      const ready = () =>
        fetch(`http://127.0.0.1:${port}/readyz`).then(
          ({ ok }) => ok,
          () => false,
        );
      await until('it is ready', ready, { timeoutMs: 60_000 }).catch((error) => {
        throw new Error(`${error.message}: ${program.output()}`);
      });
      // An operation is asked of the API, made by a job that a worker runs, and nothing but a scheduler releases.
      const { id } = await call('/v1/operations', { action: 'cancel', filter: { type: 'none' } });
      await until('it was made', async () => (await call(`/v1/operations/${id}`)).status === 'done');
      const { items } = await call('/v1/workers');
      expect(new Set(items.map(({ pid }) => pid)).size).toBe(1);
      program.child.kill('SIGTERM');
      await until('it has ended', () => program.child.exitCode !== null);
      expect({ code: program.child.exitCode, said: program.output() }).toMatchObject({ code: 0 });
    } finally {
      await programs.stopAll();
      await database.drop();
    }
  });
});
