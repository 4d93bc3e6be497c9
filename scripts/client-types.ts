/** `npm run client:types`: writes src/client/openapi.ts, the types of the API, from the OpenAPI document that it serves. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import openapiTS, { astToString, type OpenAPI3 } from 'openapi-typescript';
import { ownDocument } from './own-document.ts';
import { repository } from './run/folder.ts';

/** Where the types are written. */
export const clientTypesFile = join(repository, 'src', 'client', 'openapi.ts');

const head = `/** The types of the API. Written by \`npm run client:types\` from its OpenAPI document: do not edit. */

`;

/** The file for a document. Deterministic, so that a test can tell whether it is up to date. */
export async function clientTypes(document: unknown): Promise<string> {
  const nodes = await openapiTS(document as OpenAPI3, {
    alphabetize: true,
    rootTypes: true,
    rootTypesNoSchemaPrefix: true,
  });
  return head + astToString(nodes);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
  writeFileSync(clientTypesFile, await clientTypes(await ownDocument()));
