/** What a worker has from the brokers: one consumption of each of its queues, watched by the canary. */
import { type Consumption, type Lane, type LaneName, type QueuePath, splitQueuePath } from '../src/contract/index.ts';
import type { Canary } from './canary.ts';
import type { Deliveries } from './deliveries.ts';
import type { RunStats } from './run-stats.ts';

export interface ConsumersOptions {
  lanes: ReadonlyMap<LaneName, Lane>;
  queues: readonly { queue: QueuePath; concurrency: number }[];
  deliveries: Deliveries;
  canary: Canary;
  stats: RunStats;
  /** Jobs in one slot of a queue at most. */
  batchSize(queue: QueuePath): number;
  onDelivery(): void;
}

/**
 * Unclaimed deliveries per queue. A buffer as large as the slots would swallow the whole window of the dispatcher: BullMQ
 * is quick only while more work waits in Redis, since finishing one job fetches the next in the same call.
 */
const mostBuffered = { realtime: 500, bulk: 100 } as const;

export class Consumers {
  readonly #options: ConsumersOptions;
  #consumptions: Consumption[] = [];

  constructor(options: ConsumersOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    this.#consumptions = await Promise.all(this.#options.queues.map((place) => this.#consume(place)));
  }

  /** Takes no more deliveries; those that are here may still be acknowledged. */
  async stop(): Promise<void> {
    await Promise.all(this.#consumptions.map((consumption) => consumption.stop()));
  }

  /** Lets the connections go. */
  async close(): Promise<void> {
    await Promise.all(this.#consumptions.map((consumption) => consumption.close()));
  }

  async #consume({ queue, concurrency }: { queue: QueuePath; concurrency: number }): Promise<Consumption> {
    const { lanes, deliveries, canary, stats, batchSize, onDelivery } = this.#options;
    const { lane: laneName, queue: name } = splitQueuePath(queue);
    const lane = lanes.get(laneName);
    if (!lane) throw new TypeError(`There is no ${laneName} lane here to consume ${queue} from`);
    const size = batchSize(queue);
    const buffer = Math.min(concurrency * size, Math.max(mostBuffered[laneName], size));
    const consumption = await lane.consume(name, { buffer }, (delivery) => {
      if (!canary.delivered(queue, delivery)) {
        if (delivery.redelivered) stats.redelivered(delivery.envelope.type, queue);
        deliveries.push(queue, delivery);
      }
      onDelivery();
    });
    canary.watch({ queue, lane, consumption, hasRoom: () => (deliveries.buffered[queue] ?? 0) < buffer });
    return consumption;
  }
}
