/** The pages on the client and on the command line: what they show runs against an installation as it stands there. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { exitCodes } from '../../src/cli/exit-codes.ts';
import * as library from '../../src/client/index.ts';
import { recycleExitCode } from '../../workers/exit-codes.ts';
import { apiKey } from '../support/app.ts';
import { type CliApp, startCliApp } from '../support/cli-app.ts';
import { repository, snippetsOf } from '../support/snippets.ts';

let app: CliApp;
beforeAll(async () => {
  app = await startCliApp();
});
afterAll(() => app.stop());

test('every block of docs/client.md does what it says', async () => {
  const lines: unknown[][] = [];
  const told = { log: (...values: unknown[]) => lines.push(values) };
  const given = library.createClient({ url: app.url, key: apiKey });
  const { id } = await given.enqueue('extract-hashtags', { caption: '#a' });
  const createClient = () => given;
  const snippets = snippetsOf('docs/client.md').filter(({ language }) => language === 'ts');
  expect(snippets).toHaveLength(5);
  for (const { code } of snippets) {
    const text = code.replace(/^import .*$/gm, '');
    const own = /const client =/.test(text) ? 'given' : 'client';
    const names = [own, 'createClient', 'ProblemError', 'UnreachableError', 'id', 'console'];
    const run = new Function(...names, `return (async () => {${text}})()`);
    await run(given, createClient, library.ProblemError, library.UnreachableError, id, told);
  }
  expect(lines).toContainEqual(['succeeded', { tags: ['#sea'] }]);
  expect(lines).toContainEqual([expect.arrayContaining([expect.stringMatching(/^files: \d+$/)])]);
  expect(lines).toContainEqual(['succeeded', undefined]);
  expect(lines).toContainEqual([[{ pointer: '/payload/caption', detail: expect.any(String) }]]);
});

test('every command that docs/cli.md shows ends well', async () => {
  const blocks = snippetsOf('docs/cli.md').filter(({ language }) => language === 'sh');
  const commands = blocks.flatMap(({ code }) => code.trim().split('\n'));
  expect(commands.length).toBeGreaterThan(18);
  for (const command of commands) {
    const { code, stderr } = await app.run(command.replace(/^twolane /, ''));
    expect({ command, code, stderr }).toMatchObject({ code: 0 });
  }
});

test('the exit codes of docs/cli.md are those of the program', () => {
  const page = readFileSync(join(repository, 'docs', 'cli.md'), 'utf8');
  const documented = [...page.matchAll(/^\| (\d+) +\|/gm)].map(([, code]) => Number(code));
  expect(documented).toEqual([...new Set([...Object.values(exitCodes), recycleExitCode])].sort((a, b) => a - b));
});
