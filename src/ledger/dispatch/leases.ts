/**
 * Which queues this process dispatches. Each is an advisory lock on a connection of its own, with an epoch that
 * the picks carry, so that a process that lost its lock without noticing is no longer heard.
 */
import type { Clock, Logger, QueuePath } from '../../contract/index.ts';
import type { Database } from '../database.ts';
import type { HeldConnection } from '../held-connection.ts';

export interface QueueLeasesOptions {
  database: Database;
  clock: Clock;
  /** A dispatcher that asks the database nothing for so long loses its queues. Milliseconds. */
  leaseMs: number;
  /** Told of a queue in which a limited job has come to an empty line. */
  onLine(queue: QueuePath): void;
  logger: Logger;
}

const lookForSilentMs = 1_000;

export class QueueLeases {
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #leaseMs: number;
  readonly #logger: Logger;
  readonly #epochs = new Map<QueuePath, string>();
  readonly #onLine: (queue: QueuePath) => void;
  #connection: HeldConnection | undefined;
  #former: number | undefined;
  #brokeAt = Number.NEGATIVE_INFINITY;
  #lookedForSilentAt = Number.NEGATIVE_INFINITY;

  constructor(options: QueueLeasesOptions) {
    this.#database = options.database;
    this.#clock = options.clock;
    this.#leaseMs = options.leaseMs;
    this.#onLine = options.onLine;
    this.#logger = options.logger;
  }

  /** Undefined for a queue that another process dispatches. */
  epoch(queue: QueuePath): string | undefined {
    return this.#epochs.get(queue);
  }

  /** Whether the connection of this process has broken within the last so many milliseconds, and so perhaps everybody's. */
  brokeWithin(ms: number): boolean {
    return this.#clock.ticks() - this.#brokeAt < ms;
  }

  /** Takes those queues that nobody has, or only somebody who went silent. Call it every second or so. */
  async acquire(queues: readonly QueuePath[]): Promise<void> {
    this.#connection ??= await this.#connect();
    const connection = this.#connection;
    await connection.check().catch(async (error) => {
      // It may be silent without being broken; the next call takes another one.
      await connection.end();
      throw error;
    });
    for (const queue of queues) {
      if (this.#epochs.has(queue) || !(await connection.lock('queues', queue))) continue;
      const taken = await this.#database.query<{ epoch: string }>('select twolane.take_queue($1) as epoch', [queue]);
      this.#epochs.set(queue, (taken.rows[0] as { epoch: string }).epoch);
      this.#logger.debug({ queue }, 'Dispatching this queue now');
    }
    if (queues.some((queue) => !this.#epochs.has(queue))) await this.#unseatSilent();
  }

  async close(): Promise<void> {
    this.#epochs.clear();
    const connection = this.#connection;
    this.#connection = undefined;
    await connection?.end();
  }

  /** A process that stands still, or that the network has lost, keeps its locks for as long as PostgreSQL keeps its connection. */
  async #unseatSilent(): Promise<void> {
    const now = this.#clock.ticks();
    if (now - this.#lookedForSilentAt < lookForSilentMs) return;
    this.#lookedForSilentAt = now;
    const { rows } = await this.#database.query<{ n: number }>('select twolane.unseat($1) as n', [this.#leaseMs]);
    if (rows[0]?.n) this.#logger.warn({}, 'A dispatcher went silent; its queues are taken from it');
  }

  async #connect(): Promise<HeldConnection> {
    let connection: HeldConnection | undefined;
    connection = await this.#database.hold({
      timeoutMs: 5_000,
      former: this.#former,
      listen: { channels: ['line'], onNotice: (_channel, queue) => this.#onLine(queue as QueuePath) },
      onGone: (error) => {
        if (error) this.#logger.warn({ error: error.message }, 'The dispatcher connection broke');
        if (this.#connection !== connection && this.#connection !== undefined) return;
        this.#former = connection?.pid ?? this.#former;
        this.#connection = undefined;
        this.#brokeAt = this.#clock.ticks();
        this.#epochs.clear();
      },
    });
    return connection;
  }
}
