/** The peer of the real-time lane: plain amqplib, a durable queue, confirms in batches, an ack per message. */
import { fileURLToPath } from 'node:url';
import { connect } from 'amqplib';
import { type PeerOptions, type PeerResult, runPair } from './pair.ts';

/** Publishes `jobs` small persistent messages in one process while another consumes them; jobs per second of both. `kind` is the queue's. */
export async function amqplibPeer(kind: 'classic' | 'quorum', options: PeerOptions): Promise<PeerResult> {
  const queue = `peer-amqplib-${process.pid}-${Date.now()}`;
  const connection = await connect(options.url);
  const channel = await connection.createChannel();
  await channel.assertQueue(queue, { durable: true, arguments: { 'x-queue-type': kind } });
  try {
    return await runPair(fileURLToPath(new URL('./amqplib-process.ts', import.meta.url)), { ...options, queue });
  } finally {
    await channel.deleteQueue(queue);
    await channel.close();
    await connection.close();
  }
}
