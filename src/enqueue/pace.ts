/** How many envelopes of a queue may travel in one message, as the dispatcher of the queue decided; read once a second. */
import type { Logger, Queryable, QueuePath } from '../contract/index.ts';

const readEveryMs = 1_000;

export class Pace {
  readonly #database: Queryable;
  readonly #logger: Logger;
  #packs = new Map<QueuePath, number>();
  #timer: NodeJS.Timeout | undefined;

  constructor(options: { database: Queryable; logger: Logger }) {
    this.#database = options.database;
    this.#logger = options.logger;
  }

  /** Keeps reading until `stop`; does not keep the process alive. */
  start(): void {
    this.#timer ??= setInterval(() => void this.#read(), readEveryMs).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** 1 for a queue that is not known to be quick. */
  packOf(queue: QueuePath): number {
    return this.#packs.get(queue) ?? 1;
  }

  async #read(): Promise<void> {
    try {
      const { rows } = await this.#database.query<{ queue: QueuePath; pack: number }>(
        'select queue, pack from twolane.queues where pack > 1',
      );
      this.#packs = new Map(rows.map(({ queue, pack }) => [queue, pack]));
    } catch (error) {
      this.#packs.clear();
      this.#logger.debug({ error }, 'The pace of the queues could not be read; envelopes travel one by one');
    }
  }
}
