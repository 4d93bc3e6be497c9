/** One process of the amqplib peer: the producer or the consumer, by its first argument. */
import { connect } from 'amqplib';
import { childRole, done, type PeerOptions, readyAndWaitForGo } from './pair.ts';

const batchSize = 500;
const prefetch = 1_000;

async function produce({ url, queue, jobs }: PeerOptions & { queue: string }): Promise<void> {
  const connection = await connect(url);
  const channel = await connection.createConfirmChannel();
  await readyAndWaitForGo();
  for (let sent = 0; sent < jobs; ) {
    for (let n = 0; n < batchSize && sent < jobs; n++, sent++) {
      const content = Buffer.from(JSON.stringify({ id: String(10 ** 17 + sent), type: 'bench', version: 1, fence: 0 }));
      channel.sendToQueue(queue, content, { persistent: true });
    }
    await channel.waitForConfirms();
  }
  await channel.close();
  await connection.close();
}

async function consume({ url, queue, jobs }: PeerOptions & { queue: string }): Promise<void> {
  const connection = await connect(url);
  const channel = await connection.createChannel();
  await channel.prefetch(prefetch);
  await readyAndWaitForGo();
  await new Promise<void>((resolve) => {
    let seen = 0;
    void channel.consume(queue, (message) => {
      if (!message) return;
      JSON.parse(message.content.toString());
      channel.ack(message);
      if (++seen === jobs) resolve();
    });
  });
  await channel.close();
  await connection.close();
}

const { role, options } = childRole();
await (role === 'produce' ? produce(options) : consume(options));
done();
process.disconnect();
