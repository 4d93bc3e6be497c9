/** What the real-time lane is given, and the numbers it works with. */
import { type Logger, silentLogger } from '../../contract/logger.ts';

export interface RealtimeOptions {
  /** `amqp://user:password@host:port/vhost`. */
  url: string;
  /** Begins the name of every queue: `<prefix>.<queue>`. */
  prefix: string;
  /** Kind of the queues: `classic` is quicker, `quorum` survives the loss of a node of a cluster. Default `classic`. */
  queues?: 'classic' | 'quorum';
  /** Of its management plugin, `http://user:password@host:15672`; tells memory and disk. Default: nobody is asked. */
  management?: string | undefined;
  /** Seconds; a silent broker is noticed within three of them. Less than 5 gives false alarms. Default 5. */
  heartbeatS?: number;
  /** Default: silent. */
  logger?: Logger;
}

export interface RealtimeConfig {
  /** The broker's URL with the heartbeat in its query, as amqplib reads it. */
  url: string;
  prefix: string;
  queues: 'classic' | 'quorum';
  management: string | undefined;
  logger: Logger;
}

export const limits = {
  /** Until the handshake must be through. */
  connectMs: 5_000,
  /** An envelope without a confirm after this long counts as unconfirmed. */
  confirmMs: 5_000,
  /** Until a channel, a queue or a consumer must be there; a broker that has just started takes its time. */
  answerMs: 5_000,
  /** Until a consumer must be there; a queue that takes longer while others answer is looked into. */
  subscribeMs: 4_000,
  /** RabbitMQ itself waits 5 s for a queue that does not answer before it deletes it. */
  deleteMs: 10_000,
  /** Until the broker must have counted or said that it is there. */
  askMs: 2_000,
  /** How long `close` waits for each of its steps. */
  closeMs: 2_000,
  /** Unconfirmed envelopes per process: bounds what a silent broker can pile up in memory. */
  unconfirmed: 2_000,
} as const;

export function realtimeConfig(options: RealtimeOptions): RealtimeConfig {
  const url = new URL(options.url);
  url.searchParams.set('heartbeat', String(options.heartbeatS ?? 5));
  const { prefix, queues = 'classic', management, logger = silentLogger } = options;
  return { url: url.href, prefix, queues, management, logger };
}
