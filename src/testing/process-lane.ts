/** A lane as one process of a test sees it: when the process dies, the broker takes back what it had given out. */
import type { Consumption, Lane } from '../contract/index.ts';
import type { MemoryLane } from '../lanes/memory/lane.ts';
import type { Gate } from './gate.ts';

export function processLane(lane: MemoryLane, gate: Gate): Lane {
  const consumptions: Consumption[] = [];
  void gate.died.then(() => Promise.all(consumptions.map((consumption) => consumption.close())));
  return {
    name: lane.name,
    start: () => lane.start(),
    ready: (ms) => lane.ready(ms),
    isUp: () => lane.isUp(),
    publish: (queue, envelopes, pack) => gate.pass(() => lane.publish(queue, envelopes, pack)),
    async consume(queue, options, onDelivery) {
      const consumption = await lane.consume(queue, options, ({ envelope, redelivered, ack, release }) => {
        const acked = () => {
          ack();
          gate.stepNow('after ack', envelope.id);
        };
        onDelivery({ envelope, redelivered, ack: acked, release });
      });
      consumptions.push(consumption);
      return consumption;
    },
    inspect: (queue) => lane.inspect(queue),
    health: () => lane.health(),
    purge: (queue) => lane.purge(queue),
    // The lane belongs to the test, not to one of its processes.
    async close() {},
  };
}
