/** `npm run client:types`: writes src/client/openapi.ts, the types of the API, from the OpenAPI document that it serves. */
import { writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import express from 'express';
import openapiTS, { astToString, type OpenAPI3 } from 'openapi-typescript';
import { loadConfig } from '../src/config.ts';
import { silentLogger } from '../src/contract/index.ts';
import { createApp } from '../workers/app.ts';
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

/** The document of this installation; no server is needed for it. */
async function ownDocument(): Promise<unknown> {
  const nowhere = {
    DATABASE_URL: 'postgres://localhost:1/x',
    REDIS_URL: 'redis://localhost:1',
    AMQP_URL: 'amqp://localhost:1',
  };
  const twolane = createApp(loadConfig(nowhere), { logger: silentLogger });
  const server = express().use(twolane.api()).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const answer = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/openapi.json`);
  const document = await answer.json();
  server.close();
  await twolane.close();
  return document;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
  writeFileSync(clientTypesFile, await clientTypes(await ownDocument()));
