/** What arrives at a worker that should not: the same job three times, jobs that are long over, in another order, and rubbish. */

import { connect } from 'amqplib';
import { Queue } from 'bullmq';
import type { Chance } from '../../../scripts/demo/chance.ts';
import type { Envelope } from '../../../src/contract/index.ts';
import { prefix } from '../environment.ts';
import type { World } from '../world.ts';
import { type Injury, prove } from './injury.ts';

/** Envelopes as they have travelled before, with fences that the jobs may have had. */
async function envelopesOf(world: World, ids: readonly string[], draw: Chance): Promise<Envelope[]> {
  const rows = await world.query<{ id: string; type: string; version: number }>(
    'select id, type, version from twolane.jobs where id = any($1)',
    [ids],
  );
  const known = new Map(rows.map((row) => [row.id, row]));
  return ids.flatMap((id) => {
    const job = known.get(id);
    return job ? [{ ...job, fence: Math.floor(draw() * 3), crashes: 0 }] : [];
  });
}

function replayed(name: string, choose: (recent: string[], draw: Chance) => string[]): Injury {
  return {
    name,
    concerns: 'deliveries',
    async inflict(world, { draw, load }) {
      let sent = 0;
      for (const [lane, carrier] of world.lanes) {
        const recent = load.recent(4_000).filter(({ key }) => key.startsWith(lane));
        const chosen = choose(
          recent.map(({ id }) => id),
          draw,
        );
        sent += (await carrier.publish('chaos', await envelopesOf(world, chosen, draw))).confirmed;
      }
      prove(sent > 0, 'the brokers took none');
      return `${sent} deliveries of jobs that had been delivered or were about to be`;
    },
  };
}

const threeTimes = replayed('Jobs delivered three times', (recent) => recent.slice(-100).flatMap((id) => [id, id, id]));
const late = replayed('Jobs delivered again long after their end', (recent) => recent.slice(0, 300));
const backwards = replayed('Jobs delivered in the reverse order', (recent) => recent.slice(-200).reverse());

const rubbish: readonly Buffer[] = [
  Buffer.from([0, 255, 1, 254]),
  Buffer.from('{"id": 1}'),
  Buffer.from('[["not a number", "chaos-realtime", 1, 0, 0]]'),
  Buffer.from('[["99999999999999999999999", "chaos-realtime", 1, 0, 0]]'),
  Buffer.from('[["1", "no-such-type", 1, 0, 0]]'),
  Buffer.from('[]'),
  Buffer.alloc(0),
  Buffer.alloc(2 * 1024 * 1024, 'x'),
];

const malformed: Injury = {
  name: 'Messages that nobody of us has written',
  concerns: 'deliveries',
  async inflict(world) {
    await toRabbitMq(world);
    await toBullMq(world);
    return `${rubbish.length} messages in each broker`;
  },
};

async function toRabbitMq({ stack }: World): Promise<void> {
  const connection = await connect(stack.urls.AMQP_URL);
  connection.on('error', () => undefined);
  const channel = await connection.createConfirmChannel();
  for (const content of rubbish)
    channel.sendToQueue(`${prefix}.chaos`, content, { headers: { nonsense: 'x'.repeat(9_000) } });
  await channel.waitForConfirms();
  await connection.close();
}

async function toBullMq({ stack }: World): Promise<void> {
  const queue = new Queue('chaos', { connection: { url: stack.urls.REDIS_URL }, prefix: `${prefix}:bulk` });
  queue.on('error', () => undefined);
  await queue.addBulk(
    rubbish.map((content) => ({ name: 'chaos', data: { rubbish: content.toString('latin1').slice(0, 1e5) } })),
  );
  await queue.addBulk(
    [[['abc', 'chaos-bulk', 1, 0, 0]], [['9'.repeat(30), 'chaos-bulk', 1, 0, 0]]].map((data) => ({
      name: 'chaos',
      data,
    })),
  );
  await queue.close();
}

export const deliveryInjuries: readonly Injury[] = [threeTimes, late, backwards, malformed];
