/**
 * Which queues this process dispatches. Each is an advisory lock on a connection of its own, with an epoch that
 * the picks carry, so that a process that lost its lock without noticing is no longer heard.
 */
import type { Logger, QueuePath } from '../../contract/index.ts';
import type { Database } from '../database.ts';
import type { HeldConnection } from '../held-connection.ts';

export class QueueLeases {
  readonly #database: Database;
  readonly #logger: Logger;
  readonly #epochs = new Map<QueuePath, string>();
  readonly #onLine: (queue: QueuePath) => void;
  #connection: HeldConnection | undefined;

  /** @param options.onLine told of a queue in which a limited job has come to an empty line */
  constructor(options: { database: Database; onLine(queue: QueuePath): void; logger: Logger }) {
    this.#database = options.database;
    this.#onLine = options.onLine;
    this.#logger = options.logger;
  }

  /** Undefined for a queue that another process dispatches. */
  epoch(queue: QueuePath): string | undefined {
    return this.#epochs.get(queue);
  }

  /** Takes those queues that nobody has. Call it every second or so. */
  async acquire(queues: readonly QueuePath[]): Promise<void> {
    this.#connection ??= await this.#connect();
    const connection = this.#connection;
    await connection.check();
    for (const queue of queues) {
      if (this.#epochs.has(queue) || !(await connection.lock('queues', queue))) continue;
      const taken = await this.#database.query<{ epoch: string }>('select twolane.take_queue($1) as epoch', [queue]);
      this.#epochs.set(queue, (taken.rows[0] as { epoch: string }).epoch);
      this.#logger.debug({ queue }, 'Dispatching this queue now');
    }
  }

  async close(): Promise<void> {
    this.#epochs.clear();
    const connection = this.#connection;
    this.#connection = undefined;
    await connection?.end();
  }

  async #connect(): Promise<HeldConnection> {
    let connection: HeldConnection | undefined;
    connection = await this.#database.hold({
      timeoutMs: 5_000,
      listen: { channels: ['line'], onNotice: (_channel, queue) => this.#onLine(queue as QueuePath) },
      onGone: (error) => {
        if (error) this.#logger.warn({ error: error.message }, 'The dispatcher connection broke');
        if (this.#connection !== connection && this.#connection !== undefined) return;
        this.#connection = undefined;
        this.#epochs.clear();
      },
    });
    return connection;
  }
}
