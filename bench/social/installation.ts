/** An installation with the social product for one scenario: a fresh database and prefix, worker and scheduler in this process. */
import { randomBytes } from 'node:crypto';
import { Redis } from 'ioredis';
import pg from 'pg';
import { type Config, loadConfig } from '../../src/config.ts';
import { silentLogger } from '../../src/contract/index.ts';
import type { Twolane } from '../../src/twolane.ts';
import { createApp } from '../../workers/app.ts';

export const apiKey = 'bench-key-of-at-least-32-characters';

export interface Installation {
  config: Config;
  twolane: Twolane;
  /** The Redis of the feeds. */
  redis: Redis;
  /** Ends it and removes its data. */
  close(): Promise<void>;
}

export async function startInstallation(settings: Readonly<Record<string, string>> = {}): Promise<Installation> {
  const name = `bench_${randomBytes(5).toString('hex')}`;
  const admin = new pg.Client({ connectionString: process.env.DATABASE_URL });
  await admin.connect();
  await admin.query(`create database ${name}`);
  const url = new URL(process.env.DATABASE_URL ?? '');
  url.pathname = `/${name}`;
  const own = { DATABASE_URL: url.href, TWOLANE_PREFIX: name.replace('_', '-'), TWOLANE_SCHEMA: 'twolane' };
  const config = loadConfig({ ...process.env, TWOLANE_API_KEY: apiKey, ...own, ...settings });
  const twolane = createApp(config, { logger: silentLogger });
  await twolane.migrate();
  await twolane.start();
  await Promise.all([twolane.scheduler().start(), twolane.worker({ lane: 'realtime' }).start()]);
  const redis = new Redis(config.feedRedisUrl);
  return {
    config,
    twolane,
    redis,
    async close() {
      await twolane.stop();
      for await (const keys of redis.scanStream({ match: `${config.TWOLANE_PREFIX}:*`, count: 5_000 }))
        if (keys.length) await redis.unlink(keys);
      await redis.quit();
      await admin.query(`drop database ${name} with (force)`);
      await admin.end();
    },
  };
}
