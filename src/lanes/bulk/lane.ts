/** The bulk lane: the port of a lane on BullMQ, which carries the jobs and nothing else. */
import type { Envelope } from '../../contract/envelope.ts';
import type { Consumption, Delivery, Lane, LaneDepth, LaneHealth, Publication } from '../../contract/lane.ts';
import { packsOf } from '../../contract/pack.ts';
import { type BulkConfig, bulkConfig, consuming, limits, type MassOptions, producing } from './config.ts';
import { RedisLink } from './connection.ts';
import { Consumer } from './consume.ts';
import { messageOf, unreachable } from './errors.ts';
import { Inspector } from './inspect.ts';
import { Publisher } from './publish.ts';
import { Queues } from './queues.ts';
import { requireServer, worryOf } from './server.ts';
import { within } from './wait.ts';

/** Makes the lane; nothing connects before `start`, `ready` or the first use. */
export function bulkLane(options: MassOptions): Lane {
  return new BulkLane(bulkConfig(options));
}

class BulkLane implements Lane {
  readonly name = 'bulk';
  readonly #config: BulkConfig;
  readonly #producing: RedisLink;
  readonly #consuming: RedisLink;
  readonly #queues: Queues;
  readonly #publisher: Publisher;
  readonly #inspector: Inspector;
  readonly #consumers = new Set<Consumer>();

  constructor(config: BulkConfig) {
    this.#config = config;
    this.#producing = new RedisLink(config, producing);
    this.#consuming = new RedisLink(config, consuming);
    this.#queues = new Queues(this.#producing, config);
    this.#publisher = new Publisher(this.#producing, this.#queues, config);
    this.#inspector = new Inspector(this.#producing, this.#queues, config);
  }

  /** The consuming connection comes with the first consumer: a process without workers needs none. */
  async start(): Promise<void> {
    this.#producing.client();
  }

  async ready(timeoutMs: number): Promise<void> {
    const inTime = AbortSignal.timeout(timeoutMs);
    try {
      await this.#producing.connected(inTime);
    } catch {
      throw unreachable(this.#config.url, this.#producing.lastError);
    }
    const facts = await this.#inspector.facts();
    if (!facts) throw unreachable(this.#config.url, this.#producing.lastError);
    requireServer(facts);
  }

  isUp(): boolean {
    return this.#publisher.open;
  }

  async publish(queue: string, envelopes: readonly Envelope[], pack = 1): Promise<Publication> {
    await this.start();
    return this.#publisher.publish(queue, packsOf(envelopes, pack));
  }

  async consume(
    queue: string,
    options: { buffer: number },
    onDelivery: (delivery: Delivery) => void,
  ): Promise<Consumption> {
    await this.start();
    const place = { link: this.#consuming, config: this.#config, queue };
    const consumer = new Consumer(place, options.buffer, onDelivery);
    this.#consumers.add(consumer);
    return consumer;
  }

  async inspect(queue: string): Promise<LaneDepth | undefined> {
    await this.start();
    const [counts, consumers] = await Promise.all([this.#inspector.count(queue), this.#inspector.consumers(queue)]);
    return counts && { ...counts, consumers: consumers ?? 0 };
  }

  async health(): Promise<LaneHealth> {
    await this.start();
    const facts = await this.#inspector.facts();
    if (!facts) {
      return { up: false, detail: messageOf(unreachable(this.#config.url, this.#producing.lastError)) };
    }
    const { version, maxmemoryPolicy, appendOnly, appendOnlyBytes, usedMemory, maxMemory } = facts;
    const note = `${maxmemoryPolicy}, ${appendOnly ? 'AOF' : 'no AOF'}`;
    const memory = { used: usedMemory, most: maxMemory || null };
    const disk = { free: null, least: null, used: appendOnlyBytes };
    return { up: true, server: `Redis ${version}`, detail: worryOf(facts), note, memory, disk };
  }

  async purge(queue: string): Promise<void> {
    await this.#producing.connected(AbortSignal.timeout(limits.answerMs));
    await within(5 * limits.answerMs, this.#queues.get(queue).obliterate({ force: true }), 'the queue to be deleted');
  }

  async close(): Promise<void> {
    await Promise.all([...this.#consumers].map((consumer) => consumer.close()));
    await this.#queues.close();
    await Promise.all([this.#producing.close(), this.#consuming.close()]);
  }
}
