/** The memory lane: the port of a lane inside one process, for tests and for the test kit of products. */
import type { Envelope } from '../../contract/envelope.ts';
import type { Consumption, Delivery, Lane, LaneDepth, LaneHealth, Publication } from '../../contract/lane.ts';
import type { LaneName } from '../../contract/words.ts';
import { MemoryQueue } from './queue.ts';

/** A lane whose broker can be wiped and switched off, as tests like to do. */
export interface MemoryLane extends Lane {
  /** The broker forgets everything, also what it has given out. Consumers stay. */
  wipe(): void;
  /** `false`: nothing can be published and nothing is delivered until it is `true` again; what waits is kept. */
  switchPower(on: boolean): void;
}

/** Makes a lane whose consumers take turns. Everything that shall meet on it uses this one instance. */
export function memoryLane(options: { name: LaneName }): MemoryLane {
  return new InMemoryLane(options.name);
}

class InMemoryLane implements MemoryLane {
  readonly name: LaneName;
  readonly #queues = new Map<string, MemoryQueue>();
  #power = true;

  constructor(name: LaneName) {
    this.name = name;
  }

  async start(): Promise<void> {}

  async ready(): Promise<void> {
    if (!this.#power) throw new Error('The memory lane is switched off; switch its power on');
  }

  isUp(): boolean {
    return this.#power;
  }

  /** Nothing to gain from packs here: each envelope is delivered by itself. */
  async publish(queue: string, envelopes: readonly Envelope[]): Promise<Publication> {
    if (!this.#power) return { confirmed: 0, unconfirmed: envelopes.map((envelope) => envelope.id) };
    this.#queue(queue).add(envelopes);
    return { confirmed: envelopes.length, unconfirmed: [] };
  }

  async consume(
    queue: string,
    { buffer }: { buffer: number },
    onDelivery: (delivery: Delivery) => void,
  ): Promise<Consumption> {
    return this.#queue(queue).consume(queue, buffer, onDelivery);
  }

  async inspect(queue: string): Promise<LaneDepth | undefined> {
    return this.#power ? this.#queue(queue).depth() : undefined;
  }

  async health(): Promise<LaneHealth> {
    return this.#power ? { up: true, server: 'memory' } : { up: false, detail: 'The memory lane is switched off' };
  }

  async purge(queue: string): Promise<void> {
    this.#queue(queue).wipe();
  }

  wipe(): void {
    for (const queue of this.#queues.values()) queue.wipe();
  }

  switchPower(on: boolean): void {
    this.#power = on;
    for (const queue of this.#queues.values()) queue.switchPower(on);
  }

  async close(): Promise<void> {
    for (const queue of this.#queues.values()) queue.dismissConsumers();
  }

  #queue(name: string): MemoryQueue {
    const known = this.#queues.get(name);
    if (known) return known;
    const made = new MemoryQueue();
    made.switchPower(this.#power);
    this.#queues.set(name, made);
    return made;
  }
}
