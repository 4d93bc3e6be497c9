/**
 * Publishes released jobs on their lanes, right after the commit that released them. A request never waits for it, and
 * what a broker does not confirm goes back to the outbox.
 */
import {
  type Envelope,
  type Lane,
  type LaneName,
  type Logger,
  type QueuePath,
  splitQueuePath,
} from '../contract/index.ts';

export type Published = Envelope & { queue: QueuePath };

export interface PublisherOptions {
  lanes: ReadonlyMap<LaneName, Lane>;
  /** Most envelopes of a queue in one message. */
  packOf(queue: QueuePath): number;
  /** Puts jobs whose publish was not confirmed back to `waiting`. */
  unpublish(ids: string[]): Promise<void>;
  logger: Logger;
}

export class Publisher {
  readonly #options: PublisherOptions;
  readonly #underWay = new Set<Promise<void>>();
  readonly #gathered = new Map<QueuePath, Published[]>();
  #leaving = false;

  constructor(options: PublisherOptions) {
    this.#options = options;
  }

  /** Hands jobs to their brokers, those of one turn of the event loop together. Returns at once. */
  publish(jobs: readonly Published[]): void {
    for (const job of jobs) {
      const group = this.#gathered.get(job.queue);
      if (group) group.push(job);
      else this.#gathered.set(job.queue, [job]);
    }
    if (this.#leaving || this.#gathered.size === 0) return;
    this.#leaving = true;
    queueMicrotask(() => this.#leave());
  }

  /** Resolves when nothing is under way. */
  async drain(): Promise<void> {
    if (this.#leaving) await Promise.resolve();
    await Promise.all(this.#underWay);
  }

  #leave(): void {
    this.#leaving = false;
    const groups = [...this.#gathered];
    this.#gathered.clear();
    for (const [queue, group] of groups) {
      const work = this.#publishTo(queue, group).finally(() => this.#underWay.delete(work));
      this.#underWay.add(work);
    }
  }

  async #publishTo(path: QueuePath, jobs: readonly Published[]): Promise<void> {
    const { lane: name, queue } = splitQueuePath(path);
    const lane = this.#options.lanes.get(name);
    if (!lane) throw new TypeError(`There is no ${name} lane here to publish on`);
    const envelopes = jobs.map(({ id, type, version, fence, crashes }) => ({ id, type, version, fence, crashes }));
    const { unconfirmed } = await lane.publish(queue, envelopes, this.#options.packOf(path));
    if (unconfirmed.length === 0) return;
    try {
      await this.#options.unpublish(unconfirmed);
    } catch (error) {
      // They stay `queued` in the ledger; the dispatcher finds them when it looks for lost publishes.
      this.#options.logger.warn(
        { lane: name, queue, jobs: unconfirmed.length, error },
        'Unconfirmed jobs could not be put back yet',
      );
    }
  }
}
