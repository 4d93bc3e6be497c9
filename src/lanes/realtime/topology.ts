/** Names and shapes in RabbitMQ: the queue, its arguments, and how a pack of envelopes is written into a message. */
import type { Channel, Options, Replies } from 'amqplib';
import type { Envelope } from '../../contract/envelope.ts';
import { packFields, readPack } from '../../contract/pack.ts';
import type { RealtimeConfig } from './config.ts';

/** The kind is part of a quorum queue's name, since a queue can't be declared again as another kind. */
export function queueName({ prefix, queues }: RealtimeConfig, queue: string): string {
  return queues === 'quorum' ? `${prefix}.${queue}.quorum` : `${prefix}.${queue}`;
}

/**
 * One fixed set of arguments per kind for every release and every server version, since a queue can't be declared again
 * with others. The delivery limit is "never": without it RabbitMQ 4 drops a message after 20 returns, and -1, its own
 * word for never, makes 3.10 drop the message at its first return. With it a returned message keeps its place in both.
 */
const queueOptions: Record<RealtimeConfig['queues'], Options.AssertQueue> = {
  classic: { durable: true, arguments: { 'x-queue-type': 'classic' } },
  quorum: { durable: true, arguments: { 'x-queue-type': 'quorum', 'x-delivery-limit': 1_000_000_000 } },
};

export function declareQueue(channel: Channel, config: RealtimeConfig, name: string): Promise<Replies.AssertQueue> {
  return channel.assertQueue(name, queueOptions[config.queues]);
}

export function encode(pack: readonly Envelope[]): Buffer {
  return Buffer.from(JSON.stringify(packFields(pack)));
}

/** Undefined for anything that `encode` did not write. */
export function decode(content: Buffer): Envelope[] | undefined {
  try {
    return readPack(JSON.parse(content.toString()));
  } catch {
    // Not JSON: a stranger's message. The caller reports and drops it.
    return undefined;
  }
}
