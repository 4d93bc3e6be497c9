/** A whole Twolane for tests, in this process: its own database and prefix on the shared servers, with HTTP where asked. */
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import express from 'express';
import { type Config, loadConfig } from '../../src/config.ts';
import { silentLogger } from '../../src/contract/index.ts';
import { nothingHere } from '../../src/http/errors.ts';
import type { Twolane, TwolaneOptions } from '../../src/twolane.ts';
import { createApp } from '../../workers/app.ts';
import { freshDatabase, freshPrefix, migratedDatabase, testUrls } from './stack.ts';

export const apiKey = 'test-key-of-at-least-32-characters';
export const operatorPassword = 'operator-password';

export interface TestApp {
  twolane: Twolane;
  config: Config;
  /** Base URL; empty without HTTP. */
  url: string;
  /** The environment another process needs to join this installation. */
  environment: Record<string, string>;
  stop(): Promise<void>;
}

export interface TestAppOptions {
  /** Parts that run in this process. Default: all. */
  http?: boolean;
  worker?: boolean;
  scheduler?: boolean;
  /** Settings over the defaults of a test. */
  settings?: Record<string, string>;
  overrides?: Partial<TwolaneOptions>;
  /** Makes the app. Default: the installation of this repository. */
  make?: typeof createApp;
  /** Servers other than the shared ones, for tests that break them. */
  urls?: ReturnType<typeof testUrls>;
}

/** What every process of one test installation is given: a database and a folder of its own, on the shared servers. */
export function environmentOf(own: {
  urls?: ReturnType<typeof testUrls> | undefined;
  database: string;
  files: string;
}) {
  return {
    ...(own.urls ?? testUrls()),
    DATABASE_URL: own.database,
    TWOLANE_PREFIX: freshPrefix(),
    // A database of its own, in which tests look by the usual names.
    TWOLANE_SCHEMA: 'twolane',
    TWOLANE_FILES_DIR: own.files,
    TWOLANE_API_KEY: apiKey,
    TWOLANE_OPERATOR_PASSWORD: operatorPassword,
    // Photos come with as many renditions and jobs at any time; tests of AVIF turn it on.
    TWOLANE_AVIF: 'false',
  };
}

/** Starts an installation that no other test sees; `stop` ends it and removes its data. */
export async function startTestApp(options: TestAppOptions = {}): Promise<TestApp> {
  const urls = options.urls ?? testUrls();
  const database = await (options.urls ? freshDatabase(urls.DATABASE_URL) : migratedDatabase());
  const files = await mkdtemp(join(tmpdir(), 'twolane-files-'));
  const environment = {
    ...environmentOf({ urls, database: database.url, files }),
    TWOLANE_DRAIN_MS: '5000',
    LOG_LEVEL: 'silent',
    PORT: '0',
    ...options.settings,
  };
  const config = loadConfig(environment);
  const twolane = (options.make ?? createApp)(config, { logger: silentLogger, schedules: [], ...options.overrides });
  await twolane.migrate();
  await twolane.start();
  await Promise.all([...twolane.lanes.values()].map((lane) => lane.ready(15_000)));
  const scheduler = options.scheduler === false ? undefined : twolane.scheduler();
  await scheduler?.start();
  const worker = options.worker === false ? undefined : twolane.worker();
  await worker?.start();
  const server = options.http === false ? undefined : await listen(twolane);
  return {
    twolane,
    config,
    url: server ? `http://127.0.0.1:${(server.address() as AddressInfo).port}` : '',
    environment,
    async stop() {
      server?.closeAllConnections();
      await new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)));
      await worker?.stop();
      await scheduler?.stop();
      for (const queue of new Set(Object.values(twolane.catalog).map((job) => `${job.lane}/${job.queue}`))) {
        const [lane, name] = queue.split('/') as ['realtime' | 'bulk', string];
        await twolane.lanes.get(lane)?.purge(name);
      }
      await twolane.close();
      await database.drop();
      await rm(files, { recursive: true, force: true });
    },
  };
}

async function listen(twolane: Twolane): Promise<Server> {
  const web = express();
  web.use('/ops', twolane.dashboard());
  web.use(twolane.api());
  web.use(nothingHere);
  const server = createServer(web);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}
