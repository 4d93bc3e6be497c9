/** Plain amqplib: a durable queue, persistent messages, confirms for each batch, an ack for each message. */
import { type ChannelModel, type ConfirmChannel, connect } from 'amqplib';
import { treeOf } from '../machine/processes.ts';
import { listenerOf } from '../machine/servers.ts';
import type { Client, Payload, Peer, Place } from './peer.ts';

const prefetch = 1_000;

export const peer = amqplibPeer('classic');

/** @param kind of the queue in RabbitMQ */
export function amqplibPeer(kind: 'classic' | 'quorum'): Peer {
  const inQueue = <Value>(place: Place, work: (channel: ConfirmChannel) => Promise<Value>) =>
    withChannel(place, async (channel) => {
      await channel.assertQueue(place.name, { durable: true, arguments: { 'x-queue-type': kind } });
      return work(channel);
    });
  return {
    uses: ['amqp'],
    batch: 500,
    open: (place) => inQueue(place, async () => place),
    connect: connectClient,
    unfinished: (place) => inQueue(place, async (channel) => (await channel.checkQueue(place.name)).messageCount),
    // RabbitMQ tells no client what a queue takes: its process grows by it.
    storedBytes: async ({ amqp }) =>
      treeOf([listenerOf(amqp) ?? -1]).reduce((sum, { residentBytes }) => sum + residentBytes, 0),
    close: (place) => inQueue(place, async (channel) => void (await channel.deleteQueue(place.name))),
  };
}

async function withChannel<Value>({ amqp }: Place, work: (channel: ConfirmChannel) => Promise<Value>): Promise<Value> {
  const connection: ChannelModel = await connect(amqp);
  try {
    return await work(await connection.createConfirmChannel());
  } finally {
    await connection.close();
  }
}

async function connectClient({ amqp, name }: Place): Promise<Client> {
  const connection = await connect(amqp);
  const channel = await connection.createConfirmChannel();
  await channel.prefetch(prefetch);
  const toContent = (payload: Payload) => Buffer.from(JSON.stringify(payload));
  return {
    add: (payload) =>
      new Promise<void>((resolve, reject) => {
        const answered = (error: unknown) => (error ? reject(error) : resolve());
        channel.sendToQueue(name, toContent(payload), { persistent: true }, answered);
      }),
    addMany: (payloads) => {
      for (const payload of payloads) channel.sendToQueue(name, toContent(payload), { persistent: true });
      return channel.waitForConfirms();
    },
    async work(onJob) {
      const { consumerTag } = await channel.consume(name, (message) => {
        if (!message) return;
        onJob(JSON.parse(message.content.toString()));
        channel.ack(message);
      });
      return async () => void (await channel.cancel(consumerTag));
    },
    close: () => connection.close(),
  };
}
