/** The OpenAPI document of this installation, from which the types of the client and the page on the API are written. */
import type { AddressInfo } from 'node:net';
import express from 'express';
import { loadConfig } from '../src/config.ts';
import { silentLogger } from '../src/contract/index.ts';
import { createApp } from '../workers/app.ts';

/** As `GET /openapi.json` answers it; no server is needed for that. */
export async function ownDocument(): Promise<unknown> {
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
