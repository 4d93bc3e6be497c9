/** `npm run api:lint`: asks Redocly's linter, by its strictest rules of the house, about the OpenAPI document of this installation. */
import { pathToFileURL } from 'node:url';
import { createConfig, lintFromString } from '@redocly/openapi-core';
import { ownDocument } from './own-document.ts';

/** Each complaint as `rule pointer message`; an empty list is what one wants. */
export async function apiProblems(document?: unknown): Promise<string[]> {
  const config = await createConfig({ extends: ['recommended-strict'] });
  const source = JSON.stringify(document ?? (await ownDocument()));
  const problems = await lintFromString({ source, config, absoluteRef: '/openapi.json' });
  return problems.map(({ ruleId, location, message }) => `${ruleId} ${location[0]?.pointer} ${message}`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const problems = await apiProblems();
  for (const problem of problems) console.error(problem);
  console.info(problems.length === 0 ? 'The OpenAPI document is clean' : `${problems.length} problems`);
  process.exitCode = problems.length === 0 ? 0 : 1;
}
