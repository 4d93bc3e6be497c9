/** RabbitMQ: version, and whether an alarm (memory, disk) stops publishers. */
import { setTimeout } from 'node:timers/promises';
import { connect } from 'amqplib';
import { rabbitmq } from '../../../scripts/stack/rabbitmq.ts';
import { isAtLeast } from '../../../scripts/stack/versions.ts';
import type { Config } from '../../config.ts';
import { examine, type Finding, fault, ok } from './check.ts';

/** A server under alarm says so right after the first message. */
const blockedWithinMs = 500;

export function examineRabbitmq({ AMQP_URL }: Config): Promise<Finding[]> {
  return examine('RabbitMQ', 'Start it, or correct AMQP_URL.', async () => {
    const connection = await connect(AMQP_URL, { timeout: 5_000 });
    connection.on('error', () => undefined);
    try {
      const { version, product = 'RabbitMQ' } = connection.connection.serverProperties as Record<string, string>;
      return [versionOf(product, String(version)), await alarms(connection)];
    } finally {
      // A blocked connection is not closed in an orderly way either.
      void connection.close().catch(() => undefined);
    }
  });
}

function versionOf(product: string, version: string): Finding {
  if (isAtLeast(version, rabbitmq.minimum)) return ok('RabbitMQ', `${product} ${version}`);
  return fault('RabbitMQ', version, `Upgrade it to ${rabbitmq.minimum} or newer.`);
}

/** Only a publisher is told: a message to a queue that goes with this connection. */
async function alarms(connection: Awaited<ReturnType<typeof connect>>): Promise<Finding> {
  const check = 'RabbitMQ alarms';
  const blocked = new Promise<string>((resolve) => connection.once('blocked', (reason: string) => resolve(reason)));
  const channel = await connection.createConfirmChannel();
  const { queue } = await channel.assertQueue('', { exclusive: true, autoDelete: true, durable: false });
  channel.sendToQueue(queue, Buffer.from('doctor'));
  const quiet = channel.waitForConfirms().then(() => setTimeout(blockedWithinMs, undefined));
  const reason = await Promise.race([blocked, quiet]);
  if (reason === undefined) return ok(check, 'none; a message was confirmed');
  return fault(
    check,
    `it takes no messages: ${reason}`,
    'Give it memory or disk (`rabbitmq-diagnostics alarms`); it goes on by itself then.',
  );
}
