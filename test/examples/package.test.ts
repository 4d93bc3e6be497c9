/** The package as npm would get it: its exports resolve, its types are right, and it loads without the sources. */
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { describe, expect, test } from 'vitest';
import { installedPackage } from '../support/installed.ts';

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
});
