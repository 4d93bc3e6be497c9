/** Where the servers of deploy/compose.yaml are; a test compares the two. */
import type { StackUrls } from './program.ts';

export const dockerUrls: StackUrls = {
  DATABASE_URL: 'postgres://twolane:twolane@127.0.0.1:25432/twolane',
  REDIS_URL: 'redis://127.0.0.1:26379',
  AMQP_URL: 'amqp://twolane:twolane@127.0.0.1:25672',
};
