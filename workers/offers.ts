/**
 * Mixed fleets, seen from one worker: deliveries that it does not know go back to the ledger, which offers them to the
 * workers that do; and what others could not take is fetched here, for free slots only. Jobs that the outcomes of this
 * process set free come the same way.
 */
import type { AnyHandlers, Catalog, Envelope, Logger, Queryable, QueuePath } from '../src/contract/index.ts';
import type { Deliveries, Taken } from './deliveries.ts';

export interface OffersOptions {
  catalog: Catalog;
  handlers: AnyHandlers;
  database: Queryable;
  deliveries: Deliveries;
  /** Undefined while this process may take no work. */
  session(): number | undefined;
  /** Gives a job back that was taken and not claimed. */
  unpublish(ids: string[]): Promise<void>;
  /** Told when deliveries were added. */
  onTaken(): void;
  logger: Logger;
}

/** Between two looks at the offers, however many notices arrive. */
const restMs = 100;

export class Offers {
  /** The job types that can run here, with the highest version of each. */
  readonly knows: Readonly<Record<string, number>>;
  readonly #options: OffersOptions;
  #taking: Promise<void> | undefined;
  #again = false;

  constructor(options: OffersOptions) {
    this.#options = options;
    const able = Object.values(options.catalog).filter((job) => options.handlers[job.type]);
    this.knows = Object.fromEntries(able.map((job) => [job.type, job.version]));
  }

  /** Ids of those that can run here. The others are left to workers that know them, without an attempt charged. */
  async sortOut(taken: readonly Taken[]): Promise<string[]> {
    const envelopes = taken.flatMap((one) => one.deliveries.map((delivery) => delivery.envelope));
    const ids = envelopes.map((envelope) => envelope.id);
    const unknown = envelopes.filter((envelope) => !this.#fits(envelope));
    if (unknown.length === 0) return ids;
    const refused = new Set(unknown.map((envelope) => envelope.id));
    await this.#refuse([...refused]);
    return ids.filter((id) => !refused.has(id));
  }

  /** Keeps a job that an outcome set free, where nothing else of its queue waits here. False: somebody else may. */
  keep({ queue, ...envelope }: Envelope & { queue: QueuePath }): boolean {
    const { deliveries, session, onTaken } = this.#options;
    if (session() === undefined || deliveries.buffered[queue] !== 0 || !this.#fits(envelope)) return false;
    this.#push(queue, envelope);
    onTaken();
    return true;
  }

  /**
   * Urgent jobs that every worker of the queue is told of: the first with a free slot claims them, for the others they are
   * gone. They lie in the broker as well, so nothing is lost where nobody listens.
   */
  first(queue: QueuePath, envelopes: readonly Envelope[]): void {
    const { deliveries, session, onTaken } = this.#options;
    if (session() === undefined || deliveries.buffered[queue] === undefined) return;
    const known = envelopes.filter((envelope) => this.#fits(envelope));
    deliveries.pushFirst(
      queue,
      known.map((envelope) => ({ envelope, redelivered: false, ack() {}, release() {} })),
    );
    onTaken();
  }

  #push(queue: QueuePath, envelope: Envelope): void {
    const release = () => void this.#giveBack([envelope.id]);
    this.#options.deliveries.push(queue, { envelope, redelivered: false, ack() {}, release });
  }

  /** Looks for offers soon; several calls make one look. */
  takeSoon(): void {
    this.#again = this.#taking !== undefined;
    this.#taking ??= this.#take()
      .catch((error) => this.#options.logger.warn({ error }, 'Offered jobs could not be fetched; trying again'))
      .then(() => new Promise<void>((resolve) => setTimeout(resolve, restMs).unref()))
      .finally(() => {
        this.#taking = undefined;
        if (this.#again) this.takeSoon();
      });
  }

  #fits({ type, version }: Envelope): boolean {
    return version <= (this.knows[type] ?? 0);
  }

  async #refuse(ids: string[]): Promise<void> {
    const { database, logger } = this.#options;
    const { rows } = await database.query<{ kind: string; queue: string; name: string; version: number }>(
      'select * from twolane.refuse($1)',
      [`{${ids.join(',')}}`],
    );
    for (const { kind, queue, name: type, version } of rows) {
      const fields = { queue, type, version };
      if (kind === 'offer')
        logger.info(fields, 'Not every worker knows this version: its jobs are offered to those that do');
      else logger.warn(fields, 'No live worker can take jobs of this version: they wait until one can');
    }
  }

  async #take(): Promise<void> {
    const { database, deliveries, session, onTaken } = this.#options;
    const { rows } = await database.query<Envelope & { queue: QueuePath }>(
      'select * from twolane.take_offers($1, $2)',
      [session() ?? null, JSON.stringify(deliveries.room)],
    );
    if (rows.length === 0) return;
    const ids = rows.map((row) => row.id);
    // It began to drain meanwhile: nobody would look at them any more.
    if (session() === undefined) return this.#giveBack(ids);
    for (const { queue, ...envelope } of rows) this.#push(queue, envelope);
    this.#again = true;
    onTaken();
  }

  /** Where that fails they stay `queued` in the ledger, and the dispatcher finds them when it looks for lost publishes. */
  async #giveBack(ids: string[]): Promise<void> {
    await this.#options
      .unpublish(ids)
      .catch((error) =>
        this.#options.logger.warn({ jobs: ids.length, error }, 'Offered jobs could not be given back yet'),
      );
  }
}
