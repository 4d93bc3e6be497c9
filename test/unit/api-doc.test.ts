/** docs/api.md says what the table of routes says. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { apiDoc, apiFile } from '../../scripts/api-doc.ts';

test('The page on the API is what `npm run docs:api` writes', async () => {
  const written = await apiDoc();
  expect(readFileSync(apiFile, 'utf8'), 'run `npm run docs:api`').toBe(written);
  expect(written).toContain('### POST /v1/jobs\n\nEnqueue a job. An API key. Scope `jobs:write`.');
  expect(written).not.toMatch(/undefined|\[object/);
});
