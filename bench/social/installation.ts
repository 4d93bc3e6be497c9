/** An installation with the social product for one scenario: a fresh database and prefix, worker and scheduler in this process. */
import { Redis } from 'ioredis';
import { type Config, loadConfig } from '../../src/config.ts';
import { silentLogger } from '../../src/contract/index.ts';
import type { Twolane } from '../../src/twolane.ts';
import { createApp } from '../../workers/app.ts';
import { createDatabase } from '../database.ts';
import { apiKey } from '../fleet.ts';

export interface Installation {
  config: Config;
  twolane: Twolane;
  /** The Redis of the feeds. */
  redis: Redis;
  /** Ends it and removes its data. */
  close(): Promise<void>;
}

export async function startInstallation(settings: Readonly<Record<string, string>> = {}): Promise<Installation> {
  const own = await createDatabase();
  const place = { DATABASE_URL: own.url, TWOLANE_PREFIX: own.name.replace('_', '-'), TWOLANE_SCHEMA: 'twolane' };
  const config = loadConfig({ ...process.env, TWOLANE_API_KEY: apiKey, ...place, ...settings });
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
      await own.drop();
    },
  };
}
