/** The Twolane of this product: made here, started elsewhere. Child processes and `twolane … --app` load this file too. */
import { createTwolane } from 'twolane';
import { catalog, handlers } from './jobs.ts';
import { settings } from './settings.ts';

export const twolane = createTwolane({
  config: {
    DATABASE_URL: settings.databaseUrl,
    REDIS_URL: settings.redisUrl,
    AMQP_URL: settings.amqpUrl,
    // Names of its own on all three servers, so that they can be shared.
    TWOLANE_PREFIX: 'postcards',
    TWOLANE_FILES_DIR: settings.filesFolder,
    TWOLANE_API_KEY: settings.apiKey,
    // Where the app mounts the API; it makes the URLs of photos absolute.
    PUBLIC_URL: `${settings.origin}/background`,
    // Its webhooks and the bytes of photos are on this machine, which is not the public internet.
    TWOLANE_OUTGOING_ALLOW: '127.0.0.1',
    LOG_LEVEL: 'warn',
  },
  catalog,
  handlers,
  app: import.meta.url,
});
