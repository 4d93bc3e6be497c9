/** The page on the client: what it shows runs against an installation as it stands there. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as library from '../../src/client/index.ts';
import { apiKey } from '../support/app.ts';
import { type CliApp, startCliApp } from '../support/cli-app.ts';
import { snippetsOf } from '../support/snippets.ts';

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
