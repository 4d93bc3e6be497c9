/** What the bulk lane is given, and the numbers it works with. */
import type { RedisOptions } from 'ioredis';
import { type Logger, silentLogger } from '../../contract/logger.ts';

export interface MassOptions {
  /** `redis://user:password@host:port/db`, or `rediss:` for TLS. */
  url: string;
  /** Begins every key: `<prefix>:bulk:<queue>:…`. */
  prefix: string;
  /** Default: silent. */
  logger?: Logger;
}

export interface BulkConfig {
  url: string;
  /** As BullMQ takes it. */
  prefix: string;
  logger: Logger;
}

export const limits = {
  /** Until Redis must have taken a batch or answered a question. */
  answerMs: 2_000,
  /** A connection that says nothing for so long while it is asked is given up. ioredis can't tell that from a process without time. */
  silentMs: 5_000,
  /** Until a new connection must be ready. */
  handshakeMs: 4_000,
  /** How long `close` waits for each of its steps. */
  closeMs: 3_000,
  /** A failed publish keeps the next ones away for this long, so that a full Redis is not hammered. */
  restMs: 500,
  /** A worker process that fell silent loses its jobs after this long at least … */
  lockMs: 6_000,
  /** … and at most this much later. */
  stalledEveryMs: 3_000,
  /** How often a waiting worker looks by itself, in case the wake-up got lost in a broken connection. Seconds. */
  drainDelayS: 1,
  /** BullMQ waits so long before it repeats what a lost connection interrupted. */
  retryMs: 500,
  /** Counting consumers reads the list of all clients of the server, so the answer is kept this long. */
  consumersMs: 5_000,
} as const;

export function bulkConfig(options: MassOptions): BulkConfig {
  return { url: options.url, prefix: `${options.prefix}:bulk`, logger: options.logger ?? silentLogger };
}

/** Full jitter on top of a floor, so that processes that lost Redis together don't come back together. */
const retryStrategy = (times: number) => 200 + Math.random() * Math.min(2_000, 100 * 2 ** Math.min(times, 10));

/** Options of a client whose answers have the shapes that BullMQ knows. */
export type ClientOptions = RedisOptions & { replyMapping?: 'legacy' };

/** For publishing and asking: fails at once while there is no connection; whoever asks waits no longer than `answerMs`. */
export const producing: ClientOptions = {
  retryStrategy,
  connectTimeout: limits.answerMs,
  socketTimeout: limits.silentMs,
  enableOfflineQueue: false,
  maxRetriesPerRequest: 0,
  connectionName: 'twolane-producing',
};

/** For workers: commands wait for the connection to come back. A socket that is silent for 10 s is given up. */
export const consuming: ClientOptions = {
  retryStrategy,
  connectTimeout: 5_000,
  socketTimeout: 10_000,
  maxRetriesPerRequest: null,
  connectionName: 'twolane-consuming',
};
