/** The Twolane of this app: made here, started by the worker and the command line. */
import { createTwolane } from 'twolane';
import { catalog, handlers } from './jobs.js';

const { DATABASE_URL, REDIS_URL, AMQP_URL } = process.env;

export const twolane = createTwolane({
  config: { DATABASE_URL, REDIS_URL, AMQP_URL, TWOLANE_PREFIX: 'celery-thumbnails', LOG_LEVEL: 'warn' },
  catalog,
  handlers,
  app: import.meta.url,
});
