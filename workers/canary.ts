/**
 * Proof that this process consumes. A consumer that was given nothing for a while publishes a probe on its own queue, and
 * any delivery, probe or job, shows that it works. A probe is claimed like a job, under an id that no job has, and is passed
 * on from consumer to consumer until it has come back to the process that sent it, so one of them proves them all. A
 * consumer that should have been given something and was not is late: that is told, and it is made anew.
 */
import {
  type ConsumerHealth,
  type Consumption,
  canaryType,
  type Delivery,
  type Envelope,
  type Lane,
  type Logger,
  type QueuePath,
  splitQueuePath,
} from '../src/contract/index.ts';

export interface CanaryOptions {
  /** A consumer without deliveries publishes a probe after this long; after 2.5 times as long it is late. Milliseconds. */
  everyMs: number;
  /** The session that probes are published under; undefined while this process may claim nothing. */
  session(): number | undefined;
  /** Something became late, or is well again: tell it soon. */
  onChange(): void;
  logger: Logger;
}

/** One consumer of this process. */
export interface ConsumerPlace {
  queue: QueuePath;
  lane: Lane;
  consumption: Consumption;
  /** False while its buffer is full: then nothing can be expected of it. */
  hasRoom(): boolean;
}

interface Consumer extends ConsumerPlace {
  provenAt: number;
  probedAt: number;
  /** Whether the broker took the last probe that it answered, and since when it has one without an answer. */
  probeTaken: boolean;
  unansweredSince: number | undefined;
  rebuiltAt: number;
  rebuilds: number;
  late: string | undefined;
}

interface Probe {
  queue: QueuePath;
  delivery: Delivery;
}

/** A probe is passed on so often at most: where its sender is out of reach it must come to an end. */
const mostHops = 32;

export class Canary {
  readonly #options: CanaryOptions;
  readonly #consumers = new Map<QueuePath, Consumer>();
  /** Idle for so long, with probes under way since the first two fifths of it, that something is wrong. */
  readonly #lateMs: number;
  #arrived: Probe[] = [];
  #sequence = 0;
  #tickedAt = performance.now();
  /** Since when claims are tried and none gets through, and what the last one failed with. */
  #claiming: { since: number; error?: unknown } | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: CanaryOptions) {
    this.#options = options;
    this.#lateMs = options.everyMs * 2.5;
  }

  watch(place: ConsumerPlace): void {
    const now = performance.now();
    this.#consumers.set(place.queue, {
      ...place,
      provenAt: now,
      probedAt: 0,
      probeTaken: true,
      unansweredSince: undefined,
      rebuiltAt: now,
      rebuilds: 0,
      late: undefined,
    });
    this.#timer ??= setInterval(() => this.#tick(performance.now()), this.#options.everyMs / 20);
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
    clearInterval(this.#timer);
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

  async #probe(consumer: Consumer, now: number): Promise<void> {
    const session = this.#options.session();
    if (session === undefined) return;
    consumer.probedAt = now;
    consumer.unansweredSince ??= now;
    // The last digits count its hops, so that each is an envelope of its own.
    const fence = ++this.#sequence * 100;
    const envelope = { id: String(session), type: canaryType, version: 1, fence, crashes: 0 };
    consumer.probeTaken = await this.#publish(consumer, envelope);
    consumer.unansweredSince = undefined;
  }

  /** A probe of another process goes on to the next consumer; it has proven this one on its way. */
  #passOn(consumer: Consumer, envelope: Envelope): void {
    const home = envelope.id === String(this.#options.session());
    if (home || envelope.fence % 100 >= mostHops) return;
    void this.#publish(consumer, { ...envelope, fence: envelope.fence + 1 });
  }

  async #publish({ lane, queue }: Consumer, envelope: Envelope): Promise<boolean> {
    const { confirmed } = await lane.publish(splitQueuePath(queue).queue, [envelope]);
    return confirmed > 0;
  }

  #judge(consumer: Consumer, now: number): void {
    const why = this.#whyLate(consumer, now);
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
    if (now - consumer.provenAt > this.#lateMs && now - consumer.rebuiltAt > this.#lateMs) this.#rebuild(consumer, now);
  }

  /** Undefined while all is well. */
  #whyLate(consumer: Consumer, now: number): string | undefined {
    const claiming = this.#claiming;
    if (claiming && now - claiming.since > this.#options.everyMs) {
      const cause = claiming.error instanceof Error ? `: ${claiming.error.message}` : '';
      return `no claim has got through to the ledger for ${seconds(now - claiming.since)}${cause}`;
    }
    if (now - consumer.provenAt < this.#lateMs) return undefined;
    const silence = `it was given nothing for ${seconds(now - consumer.provenAt)}`;
    if (!consumer.lane.isUp()) return `${silence}: its broker can not be reached`;
    if (consumer.probedAt <= consumer.provenAt) return `${silence}, and this process has no session to probe it with`;
    const unheard = consumer.unansweredSince !== undefined && now - consumer.unansweredSince > this.#options.everyMs;
    return consumer.probeTaken && !unheard ? `${silence}, not even its probe` : `${silence}: its broker takes no probe`;
  }

  #rebuild(consumer: Consumer, now: number): void {
    consumer.rebuiltAt = now;
    // A broker that is known to be away is being connected to already.
    if (!consumer.lane.isUp()) return;
    consumer.rebuilds += 1;
    this.#options.logger.warn({ queue: consumer.queue, rebuilds: consumer.rebuilds }, 'Making a consumer anew');
    void consumer.consumption.rebuild();
  }

  #prove(consumer: Consumer, now: number): void {
    consumer.provenAt = now;
    if (consumer.late !== undefined && !this.#claiming) this.#recovered(consumer);
  }

  #recovered(consumer: Consumer): void {
    consumer.late = undefined;
    this.#options.logger.info({ queue: consumer.queue }, 'The consumer works again');
    this.#options.onChange();
  }
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}
