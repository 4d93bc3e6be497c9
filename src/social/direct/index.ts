/** Direct messages, put together: what its routes and handlers work with. */
import type { Redis } from 'ioredis';
import type { DatabaseFor } from '../../contract/database.ts';
import type { Enqueuer } from '../../contract/enqueuer.ts';
import type { Logger } from '../../contract/logger.ts';
import type { MessageStore } from '../../contract/message-store.ts';
import type { FollowStore } from '../stores/follows.ts';
import { UserStreams } from '../streams/user-streams.ts';
import { Wakes } from '../streams/wakes.ts';
import { Delivery } from './delivery.ts';
import { InboxSource } from './inbox-source.ts';
import { InboxStore } from './inboxes.ts';
import { PostgresMessageStore } from './messages.ts';
import { PushStore } from './pushes.ts';
import { ReceiptStore } from './receipts.ts';
import { Sending } from './sending.ts';
import { ThreadStore } from './threads.ts';

export interface DirectServices {
  threads: ThreadStore;
  messages: MessageStore;
  sending: Sending;
  inboxes: InboxStore;
  receipts: ReceiptStore;
  streams: Pick<UserStreams, 'watch' | 'close'>;
  delivery: Delivery;
  /** Ends the streams' connection; the one that was given stays. */
  close(): Promise<void>;
}

export interface DirectParts {
  db: DatabaseFor;
  redis: Redis;
  prefix: string;
  enqueuer: Enqueuer;
  followUps: Enqueuer;
  follows: FollowStore;
  logger: Logger;
}

export function directServices({
  db,
  redis,
  prefix,
  enqueuer,
  followUps,
  follows,
  logger,
}: DirectParts): DirectServices {
  const threads = new ThreadStore(db);
  const messages = new PostgresMessageStore(db);
  const inboxes = new InboxStore(db);
  const wakes = new Wakes(redis, `${prefix}:inbox:`, logger);
  const receipts = new ReceiptStore(db, wakes);
  const streams = new UserStreams({ source: new InboxSource({ inboxes, messages, receipts }), wakes, logger });
  return {
    threads,
    messages,
    sending: new Sending({ threads, messages, follows, enqueuer }),
    inboxes,
    receipts,
    streams,
    delivery: new Delivery({ db, pushes: new PushStore(db), wakes, followUps }),
    async close() {
      streams.close();
      await wakes.close();
    },
  };
}
