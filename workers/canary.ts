/**
 * Proof that this process consumes. A consumer that was given nothing for a while publishes a probe on its own queue, and
 * any delivery, probe or job, shows that it works. A probe is claimed like a job, under an id that no job has, and is passed
 * on from consumer to consumer until it has come back to the process that sent it, so one of them proves them all. A
 * consumer that should have been given something and was not is late: that is told, and it is made anew.
 */
import {
  type Clock,
  type ConsumerHealth,
  canaryType,
  type Delivery,
  type Envelope,
  type Logger,
  type QueuePath,
  type Repetition,
  splitQueuePath,
} from '../src/contract/index.ts';
import { type ConsumerPlace, type ConsumerState, lateAfter, newConsumer, seconds, whyLate } from './consumer-state.ts';
import { newProbe, nextHop } from './probes.ts';

export interface CanaryOptions {
  /** A consumer without deliveries publishes a probe after this long; after 2.5 times as long it is late. Milliseconds. */
  everyMs: number;
  clock: Clock;
  /** The session that probes are published under; undefined while this process may claim nothing. */
  session(): number | undefined;
  /** Something became late, or is well again: tell it soon. */
  onChange(): void;
  logger: Logger;
}

interface Probe {
  queue: QueuePath;
  delivery: Delivery;
}

export class Canary {
  readonly #options: CanaryOptions;
  readonly #consumers = new Map<QueuePath, ConsumerState>();
  #arrived: Probe[] = [];
  #tickedAt = performance.now();
  /** Since when claims are tried and none gets through, and what the last one failed with. */
  #claiming: { since: number; error?: unknown } | undefined;
  #ticking: Repetition | undefined;

  constructor(options: CanaryOptions) {
    this.#options = options;
  }

  watch(place: ConsumerPlace): void {
    this.#consumers.set(place.queue, newConsumer(place, performance.now()));
    const pauseMs = this.#options.everyMs / 20;
    this.#ticking ??= this.#options.clock.repeat(pauseMs, async () => {
      this.#tick(performance.now());
      return pauseMs;
    });
  }

  /** Notes that a consumer was given something. True for a probe, which is kept here for the next claim. */
  delivered(queue: QueuePath, delivery: Delivery): boolean {
    if (delivery.envelope.type === canaryType) {
      this.#arrived.push({ queue, delivery });
      return true;
    }
    const consumer = this.#consumers.get(queue);
    if (consumer) this.#prove(consumer, performance.now());
    return false;
  }

  /** Probes to claim together with the next jobs; they need no slot. Their ids belong to no job. */
  take(): Probe[] {
    return this.#arrived.splice(0);
  }

  /** A claim is being made. */
  claiming(): void {
    this.#claiming ??= { since: performance.now() };
  }

  /** The claim got through, and these probes with it. */
  claimed(probes: readonly Probe[]): void {
    this.#claiming = undefined;
    for (const { queue, delivery } of probes) {
      delivery.ack();
      const consumer = this.#consumers.get(queue);
      if (!consumer) continue;
      this.#prove(consumer, performance.now());
      this.#passOn(consumer, delivery.envelope);
    }
  }

  /** The claim failed; its probes stay for the next one. */
  failed(probes: readonly Probe[], error: unknown): void {
    this.#arrived.unshift(...probes);
    if (this.#claiming) this.#claiming.error = error;
  }

  health(): Record<QueuePath, ConsumerHealth> {
    const now = performance.now();
    return Object.fromEntries(
      [...this.#consumers.values()].map(({ queue, provenAt, late, rebuilds }) => [
        queue,
        { silentMs: Math.round(now - provenAt), late: late ?? null, rebuilds },
      ]),
    );
  }

  stop(): void {
    void this.#ticking?.stop();
    this.#consumers.clear();
    for (const { delivery } of this.take()) delivery.ack();
  }

  #tick(now: number): void {
    const asleep = now - this.#tickedAt > this.#options.everyMs;
    this.#tickedAt = now;
    for (const consumer of this.#consumers.values()) {
      // This process itself stood still, or its buffer is full: silence says nothing about the consumer.
      if (asleep || !consumer.hasRoom()) consumer.provenAt = now;
      if (asleep) continue;
      const { everyMs } = this.#options;
      if (now - consumer.provenAt >= everyMs && now - consumer.probedAt >= everyMs / 2) void this.#probe(consumer, now);
      this.#judge(consumer, now);
    }
    if (asleep) this.#claiming = undefined;
  }

  async #probe(consumer: ConsumerState, now: number): Promise<void> {
    const session = this.#options.session();
    if (session === undefined) return;
    consumer.probedAt = now;
    consumer.unansweredSince ??= now;
    consumer.probeTaken = await this.#publish(consumer, newProbe(session));
    consumer.unansweredSince = undefined;
  }

  /** A probe of another process goes on to the next consumer; it has proven this one on its way. */
  #passOn(consumer: ConsumerState, probe: Envelope): void {
    const next = nextHop(probe, this.#options.session(), this.#options.everyMs);
    if (next) void this.#publish(consumer, next);
  }

  async #publish({ lane, queue }: ConsumerState, envelope: Envelope): Promise<boolean> {
    const { confirmed } = await lane.publish(splitQueuePath(queue).queue, [envelope]);
    return confirmed > 0;
  }

  #judge(consumer: ConsumerState, now: number): void {
    const { everyMs } = this.#options;
    const why = this.#whyNoClaims(now) ?? whyLate(consumer, everyMs, now);
    if (why === undefined) {
      if (consumer.late !== undefined) this.#recovered(consumer);
      return;
    }
    if (consumer.late === undefined) {
      this.#options.logger.warn({ queue: consumer.queue, why }, 'A consumer is late');
      consumer.late = why;
      this.#options.onChange();
    }
    consumer.late = why;
    const patience = lateAfter(everyMs);
    if (now - consumer.provenAt > patience && now - consumer.rebuiltAt > patience) this.#rebuild(consumer, now);
  }

  #whyNoClaims(now: number): string | undefined {
    const claiming = this.#claiming;
    if (!claiming || now - claiming.since <= this.#options.everyMs) return undefined;
    const cause = claiming.error instanceof Error ? `: ${claiming.error.message}` : '';
    return `no claim has got through to the ledger for ${seconds(now - claiming.since)}${cause}`;
  }

  #rebuild(consumer: ConsumerState, now: number): void {
    consumer.rebuiltAt = now;
    // A broker that is known to be away is being connected to already.
    if (!consumer.lane.isUp()) return;
    consumer.rebuilds += 1;
    this.#options.logger.warn({ queue: consumer.queue, rebuilds: consumer.rebuilds }, 'Making a consumer anew');
    void consumer.consumption.rebuild();
  }

  #prove(consumer: ConsumerState, now: number): void {
    consumer.provenAt = now;
    if (consumer.late !== undefined && !this.#claiming) this.#recovered(consumer);
  }

  #recovered(consumer: ConsumerState): void {
    consumer.late = undefined;
    this.#options.logger.info({ queue: consumer.queue }, 'The consumer works again');
    this.#options.onChange();
  }
}
