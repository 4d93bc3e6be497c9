/** Names and shapes in RabbitMQ: the queue, its arguments, and how an envelope is written into a message. */
import type { Channel, Options, Replies } from 'amqplib';
import type { Envelope } from '../../contract/envelope.ts';

export function queueName(prefix: string, queue: string): string {
  return `${prefix}.${queue}`;
}

/**
 * One fixed set of arguments for every release and every server version, since a queue can't be declared again with
 * others. The delivery limit is "never": without it RabbitMQ 4 drops a message after 20 returns, and -1, its own word
 * for never, makes 3.10 drop the message at its first return. With it a returned message keeps its place in both.
 */
const queueOptions: Options.AssertQueue = {
  durable: true,
  arguments: { 'x-queue-type': 'quorum', 'x-delivery-limit': 1_000_000_000 },
};

export function declareQueue(channel: Channel, name: string): Promise<Replies.AssertQueue> {
  return channel.assertQueue(name, queueOptions);
}

export function encode(envelope: Envelope): Buffer {
  return Buffer.from(JSON.stringify([envelope.id, envelope.type, envelope.version, envelope.fence, envelope.crashes]));
}

/** Undefined for anything that `encode` did not write. */
export function decode(content: Buffer): Envelope | undefined {
  try {
    const [id, type, version, fence, crashes] = JSON.parse(content.toString()) as unknown[];
    if (typeof id !== 'string' || typeof type !== 'string') return undefined;
    if (typeof version !== 'number' || typeof fence !== 'number' || typeof crashes !== 'number') return undefined;
    return { id, type, version, fence, crashes };
  } catch {
    // Not JSON, or JSON that is no list: a stranger's message. The caller reports and drops it.
    return undefined;
  }
}
