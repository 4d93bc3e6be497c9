/** The real-time lane: the port of a lane on RabbitMQ, one connection for publishing and one for consuming. */
import type { Envelope } from '../../contract/envelope.ts';
import type { Consumption, Delivery, Lane, LaneDepth, LaneHealth, Publication } from '../../contract/lane.ts';
import { packsOf } from '../../contract/pack.ts';
import { type RealtimeConfig, type RealtimeOptions, realtimeConfig } from './config.ts';
import { Link } from './connection.ts';
import { Consumer } from './consume.ts';
import { messageOf, unreachable } from './errors.ts';
import { Inspector } from './inspect.ts';
import { askManagement } from './management.ts';
import { Publisher } from './publish.ts';
import { requireVersion } from './version.ts';

/**
 * Makes the lane; nothing connects before `start`, `ready` or the first use.
 * `inspect` counts as unacked only what this process holds: RabbitMQ tells others' only through a plugin that is off
 * by default.
 */
export function realtimeLane(options: RealtimeOptions): Lane {
  return new RealtimeLane(realtimeConfig(options));
}

class RealtimeLane implements Lane {
  readonly name = 'realtime';
  readonly #config: RealtimeConfig;
  readonly #publishing: Link;
  readonly #consuming: Link;
  readonly #publisher: Publisher;
  readonly #inspector: Inspector;
  readonly #consumers = new Set<Consumer>();

  constructor(config: RealtimeConfig) {
    this.#config = config;
    this.#publishing = new Link('publishing', config);
    this.#consuming = new Link('consuming', config);
    this.#publisher = new Publisher(this.#publishing, config);
    this.#inspector = new Inspector(this.#consuming, config);
  }

  async start(): Promise<void> {
    this.#publisher.start();
    this.#consuming.start();
  }

  async ready(timeoutMs: number): Promise<void> {
    await this.start();
    const inTime = AbortSignal.timeout(timeoutMs);
    try {
      const model = await this.#consuming.connected(inTime);
      await this.#publisher.opened(inTime);
      requireVersion(model.connection.serverProperties);
    } catch (error) {
      if (!inTime.aborted) throw error;
      throw unreachable(this.#config.url, this.#consuming.lastError ?? this.#publishing.lastError);
    }
  }

  isUp(): boolean {
    return this.#publisher.open;
  }

  publish(queue: string, envelopes: readonly Envelope[], pack = 1): Promise<Publication> {
    return this.#publisher.publish(queue, packsOf(envelopes, pack));
  }

  async consume(
    queue: string,
    options: { buffer: number },
    onDelivery: (delivery: Delivery) => void,
  ): Promise<Consumption> {
    const place = { link: this.#consuming, config: this.#config, queue };
    const consumer = new Consumer(place, options.buffer, onDelivery);
    this.#consumers.add(consumer);
    void consumer.ended.then(() => this.#consumers.delete(consumer));
    return consumer;
  }

  async inspect(queue: string): Promise<LaneDepth | undefined> {
    await this.start();
    const counted = await this.#inspector.count(queue);
    if (!counted) return undefined;
    const own = [...this.#consumers].filter((consumer) => consumer.queue === queue);
    return { ...counted, unacked: own.reduce((sum, consumer) => sum + consumer.unacked, 0) };
  }

  async health(): Promise<LaneHealth> {
    await this.start();
    const model = this.#consuming.model;
    if (!model || !(await this.#inspector.answers())) {
      const cause = this.#consuming.lastError;
      return { up: false, detail: messageOf(unreachable(this.#config.url, cause)) };
    }
    const { product, version } = model.connection.serverProperties;
    const server = `${product} ${version}`;
    const why = this.#publishing.blocked;
    if (why === undefined) return { up: true, server, ...(await this.#room()) };
    const cure = 'Publishing waits. Free memory or disk on its machine, or raise its watermark';
    return { up: true, server, detail: `${server} has raised an alarm (${why}). ${cure}` };
  }

  /** What its management plugin tells; without one, that there is no alarm. */
  async #room(): Promise<Pick<LaneHealth, 'note' | 'memory' | 'disk'>> {
    const { management } = this.#config;
    if (management === undefined) return { note: 'no alarm' };
    try {
      return { note: 'no alarm', ...(await askManagement(management)) };
    } catch (error) {
      return { note: `no alarm; the management API fails: ${messageOf(error)}` };
    }
  }

  purge(queue: string): Promise<void> {
    return this.#inspector.deleteQueue(queue);
  }

  /** Channels before connections: closing a connection alone loses acks and publishes that were just written. */
  async close(): Promise<void> {
    await Promise.all([...this.#consumers].map((consumer) => consumer.close()));
    await Promise.all([this.#publisher.close(), this.#inspector.close()]);
    await Promise.all([this.#publishing.close(), this.#consuming.close()]);
  }
}
