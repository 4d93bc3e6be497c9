/**
 * Which queues this process dispatches. Each is an advisory lock (class 3) on a connection of its own, with an epoch that
 * the picks carry, so that a process that lost its lock without noticing is no longer heard.
 */
import pg from 'pg';
import type { Logger, QueuePath } from '../../contract/index.ts';
import type { Database } from '../database.ts';

const queueClass = 3;

export class QueueLeases {
  readonly #database: Database;
  readonly #directUrl: string;
  readonly #logger: Logger;
  readonly #epochs = new Map<QueuePath, string>();
  #client: pg.Client | undefined;

  constructor(options: { database: Database; directUrl: string; logger: Logger }) {
    this.#database = options.database;
    this.#directUrl = options.directUrl;
    this.#logger = options.logger;
  }

  /** Undefined for a queue that another process dispatches. */
  epoch(queue: QueuePath): string | undefined {
    return this.#epochs.get(queue);
  }

  /** Takes those queues that nobody has. Call it every second or so. */
  async acquire(queues: readonly QueuePath[]): Promise<void> {
    this.#client ??= await this.#connect();
    const client = this.#client;
    await client.query('select 1');
    for (const queue of queues) {
      if (this.#epochs.has(queue)) continue;
      const { rows } = await client.query('select pg_try_advisory_lock($1, hashtext($2)) as mine', [queueClass, queue]);
      if (!rows[0].mine) continue;
      const taken = await this.#database.query<{ epoch: string }>('select twolane.take_queue($1) as epoch', [queue]);
      this.#epochs.set(queue, (taken.rows[0] as { epoch: string }).epoch);
      this.#logger.debug({ queue }, 'Dispatching this queue now');
    }
  }

  async close(): Promise<void> {
    this.#epochs.clear();
    const client = this.#client;
    this.#client = undefined;
    await client?.end();
  }

  async #connect(): Promise<pg.Client> {
    const client = new pg.Client({
      connectionString: this.#directUrl,
      keepAlive: true,
      connectionTimeoutMillis: 5_000,
      query_timeout: 5_000,
    });
    const gone = () => {
      if (this.#client !== client && this.#client !== undefined) return;
      this.#client = undefined;
      this.#epochs.clear();
    };
    client.on('error', (error) => {
      this.#logger.warn({ error: error.message }, 'The dispatcher connection broke');
      gone();
    });
    client.on('end', gone);
    await client.connect();
    return client;
  }
}
