/** docs/api.md says what the table of routes says. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { apiDoc, apiFile } from '../../scripts/api-doc.ts';
import { apiProblems } from '../../scripts/api-lint.ts';

test('The page on the API is what `npm run docs:api` writes', async () => {
  const written = await apiDoc();
  expect(readFileSync(apiFile, 'utf8'), 'run `npm run docs:api`').toBe(written);
  expect(written).toContain('### POST /v1/jobs\n\nEnqueue a job. An API key. Scope `jobs:write`.');
  expect(written).not.toMatch(/undefined|\[object/);
});

test('The OpenAPI document has nothing that the linter of Redocly complains about', async () => {
  expect(await apiProblems()).toEqual([]);
  const broken = { openapi: '3.1.0', info: { title: 'x', version: '1' }, paths: { '/a': { get: { responses: {} } } } };
  expect(await apiProblems(broken)).toContainEqual(expect.stringMatching(/^operation-operationId #\/paths\/~1a\/get/));
});
