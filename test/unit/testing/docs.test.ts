/** The examples of docs/testing.md run as they are written: those for vitest in here, that for node:test in a process of its own. */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, test, vi } from 'vitest';

vi.setConfig({ testTimeout: 120_000 });
const root = resolve(import.meta.dirname, '../../..');
mkdirSync(join(root, '.stack'), { recursive: true });
const folder = mkdtempSync(join(root, '.stack', 'docs-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The package as the examples import it, from its sources. */
const sources = { twolane: 'src/index.ts', 'twolane/testing': 'src/testing/index.ts' };
const page = readFileSync(join(root, 'docs/testing.md'), 'utf8');
const names = [...page.matchAll(/```ts\n\/\/ (\S+)\n([\s\S]*?)```/g)].map(([, name = '', code = '']) => {
  const imported = Object.entries(sources).reduce(
    (text, [from, to]) => text.replaceAll(`from '${from}'`, `from '${join(root, to)}'`),
    code,
  );
  writeFileSync(join(folder, name), imported);
  return name;
});

for (const name of names.filter((one) => one.endsWith('.test.ts'))) await import(join(folder, name));

test('the example for node:test passes', async () => {
  expect(names).toEqual(['jobs.ts', 'jobs.test.ts', 'jobs.node.ts', 'crash.test.ts']);
  const run = promisify(execFile)(process.execPath, ['--import', 'tsx', '--test', join(folder, 'jobs.node.ts')]);
  const { stdout } = await run;
  expect(stdout).toMatch(/^# pass 1$/m);
});
