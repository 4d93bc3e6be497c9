/** A process of a peer that is written in Node.js: it enqueues or works, as its parent says. Arguments: the peer's file, its place. */
import { atRate } from '../at-rate.ts';
import { obeyOrders } from '../child.ts';
import { nowMs } from '../jobs.ts';
import type { Jobs, Span } from '../queues/system.ts';
import type { Payload, Peer, Place } from './peer.ts';

export type Order = { order: 'enqueue'; jobs: Jobs } | { order: 'work' } | { order: 'finished' | 'takeWaits' | 'stop' };

const [file = '', place = ''] = process.argv.slice(2);
const { peer } = (await import(file)) as { peer: Peer };
const client = await peer.connect(JSON.parse(place) as Place);
let finished = 0;
const waits: number[] = [];
let stopWork: (() => Promise<void>) | undefined;

async function enqueue({ jobs, how }: Jobs): Promise<Span> {
  const startedAt = nowMs();
  if (how !== 'fast') await atRate(how.perS, jobs, () => client.add({ sentAt: nowMs() }));
  else
    for (let left = jobs; left > 0; left -= peer.batch) {
      const length = Math.min(peer.batch, left);
      await client.addMany(Array.from({ length }, () => ({ sentAt: nowMs() })));
    }
  return { startedAt, endedAt: nowMs() };
}

function onJob({ sentAt }: Payload): void {
  finished += 1;
  waits.push(nowMs() - sentAt);
}

obeyOrders<Order>(async (told) => {
  switch (told.order) {
    case 'enqueue':
      return enqueue(told.jobs);
    case 'work':
      stopWork = await client.work(onJob);
      return undefined;
    case 'finished':
      return finished;
    case 'takeWaits':
      return waits.splice(0);
    case 'stop':
      await stopWork?.();
      return client.close();
  }
});
