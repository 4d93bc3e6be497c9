/** Repairs a queue that RabbitMQ still lists but no longer serves. */
import type { ChannelModel } from 'amqplib';
import { onOwnChannel } from './channels.ts';
import { limits, type RealtimeConfig } from './config.ts';
import { declareQueue } from './topology.ts';

/** A broker that answers the easy question this fast is not simply busy. */
const promptMs = 1_000;

/**
 * When RabbitMQ 3.10 is killed within moments of declaring a quorum queue, it may come back with the queue's name but
 * without its log: consuming and confirms stay unanswered for ever, while everything else works. Deleting the queue
 * makes room for a new one; what was in it is published again by the ledger.
 * @param answered whether the question that stayed open was answered after all.
 */
export async function replaceIfDead(
  model: ChannelModel,
  config: RealtimeConfig,
  name: string,
  answered: () => boolean,
): Promise<void> {
  const askedAt = performance.now();
  await onOwnChannel(model, config, (channel) => declareQueue(channel, config, name));
  if (performance.now() - askedAt > promptMs || answered()) return;
  config.logger.warn({ queue: name }, 'RabbitMQ lists the queue but does not serve it; making it anew');
  await onOwnChannel(model, config, (channel) => channel.deleteQueue(name), limits.deleteMs);
}
