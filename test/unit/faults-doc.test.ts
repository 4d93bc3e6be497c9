/** docs/faults.md names commands, options and tests that exist; and every mutation fits the code that it is to break. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { chaosFlags } from '../chaos/options.ts';
import { mutations } from '../mutations/mutations.ts';

const root = join(import.meta.dirname, '../..');
const read = (file: string) => readFileSync(join(root, file), 'utf8');

describe('docs/faults.md', () => {
  const page = read('docs/faults.md');

  test('names commands that exist, with options that they take', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const commands = [...page.matchAll(/npm run ([\w:]+)((?: --)? .*)?$/gm)];
    expect(commands.length).toBeGreaterThan(3);
    expect(commands.map(([, name = '']) => name).filter((name) => !(name in scripts))).toEqual([]);
    const flags = [...page.matchAll(/(?<=[`\s])--([a-z]+)\b/g)].map(([, flag]) => flag);
    expect(flags.length).toBeGreaterThan(4);
    expect(flags.filter((flag) => !Object.hasOwn(chaosFlags, flag ?? ''))).toEqual([]);
  });

  test('names tests that exist', () => {
    const tests = [...page.matchAll(/`(test\/[^`]+\.ts)`/g)].map(([, file = '']) => file);
    expect(tests.length).toBeGreaterThan(15);
    expect(tests.filter((file) => !existsSync(join(root, file)))).toEqual([]);
  });

  test('lists every mutation with the test that sees it', () => {
    const rows = mutations.map(({ name, test: file }) => `| ${name} | \`${file}\` |`);
    expect(rows.filter((row) => !page.includes(row))).toEqual([]);
  });
});

test.each(mutations)('can still be made: $name', ({ change, test: file, named }) => {
  if (change) expect(read(change.file).split(change.find)).toHaveLength(2);
  expect(existsSync(join(root, file))).toBe(true);
  const words = named?.split(' ').slice(-2).join(' ') ?? '';
  expect(read(file) + read('test/support/lane-port.ts')).toContain(words);
});
