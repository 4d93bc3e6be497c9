/** A peer that is written in Node.js as a system: one process enqueues, another works. */
import { fileURLToPath } from 'node:url';
import { Child } from '../child.ts';
import { createDatabase, type OwnDatabase } from '../database.ts';
import { nowMs } from '../jobs.ts';
import type { Peer, Place } from '../peers/peer.ts';
import type { Order } from '../peers/process.ts';
import { type Jobs, pause, type Running, type Span, type System, serverUrl } from './system.ts';

const entry = fileURLToPath(new URL('../peers/process.ts', import.meta.url));
const urlNames = { database: 'DATABASE_URL', amqp: 'AMQP_URL', redis: 'REDIS_URL' } as const;

/** @param file the peer's, beside `peer.ts`; read when it is measured */
export function nodePeer(name: string, file: string): System {
  return {
    name,
    async start(commitDelayMs) {
      const path = new URL(`../peers/${file}`, import.meta.url).href;
      const { peer } = (await import(path)) as { peer: Peer };
      const database = await createDatabase(commitDelayMs);
      const given = { name: database.name, database: database.url, ...brokers() };
      const place = peer.open ? await peer.open(given) : given;
      return new NodePeer(path, peer, place, database).ready();
    },
  };
}

const brokers = () => ({ amqp: serverUrl('AMQP_URL'), redis: serverUrl('REDIS_URL') });

class NodePeer implements Running {
  readonly #file: string;
  readonly #peer: Peer;
  readonly #place: Place;
  readonly #database: OwnDatabase;
  #producer: Child<Order> | undefined;
  #worker: Child<Order> | undefined;
  /** Jobs that were enqueued and that no workers so far have finished. */
  #left = 0;

  constructor(file: string, peer: Peer, place: Place, database: OwnDatabase) {
    this.#file = file;
    this.#peer = peer;
    this.#place = place;
    this.#database = database;
  }

  async ready(): Promise<this> {
    this.#producer = await this.#process();
    return this;
  }

  enqueue(jobs: Jobs): Promise<Span> {
    this.#left += jobs.jobs;
    return (this.#producer as Child<Order>).tell({ order: 'enqueue', jobs });
  }

  async fill(jobs: number): Promise<void> {
    if (!this.#peer.fill) return void (await this.enqueue({ jobs, how: 'fast' }));
    this.#left += jobs;
    await this.#peer.fill(this.#place, jobs);
  }

  async startWorkers(): Promise<void> {
    this.#worker = await this.#process();
    await this.#worker.tell({ order: 'work' });
  }

  async stopWorkers(): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    if (!worker) return;
    this.#left -= await worker.tell<number>({ order: 'finished' });
    await worker.stop({ order: 'stop' });
  }

  servers(): readonly string[] {
    return this.#peer.uses.map((server) => serverUrl(urlNames[server]));
  }

  workers(): readonly number[] {
    return this.#worker ? [this.#worker.pid] : [];
  }

  finished(): Promise<number> {
    return (this.#worker as Child<Order>).tell({ order: 'finished' });
  }

  takeWaits(): Promise<readonly number[]> {
    return (this.#worker as Child<Order>).tell({ order: 'takeWaits' });
  }

  async idle(): Promise<number> {
    while ((await this.finished()) < this.#left) await pause(10);
    while (((await this.#peer.unfinished?.(this.#place)) ?? 0) > 0) await pause(10);
    return nowMs();
  }

  storedBytes(): Promise<number> {
    return this.#peer.storedBytes(this.#place);
  }

  async stop(): Promise<void> {
    await this.stopWorkers();
    await this.#producer?.stop({ order: 'stop' });
    await this.#peer.close?.(this.#place);
    await this.#database.drop();
  }

  #process(): Promise<Child<Order>> {
    return Child.start(entry, [this.#file, JSON.stringify(this.#place)]);
  }
}
