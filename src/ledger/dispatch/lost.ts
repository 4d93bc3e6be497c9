/**
 * Finds released jobs that their broker lost. Being unclaimed for long proves nothing (workers may be busy); a job counts as
 * lost when broker and worker buffers are empty, or when jobs that were released later were claimed seconds ago.
 */
import { type Clock, type Lane, type LaneName, type QueuePath, splitQueuePath } from '../../contract/index.ts';
import type { Database } from '../database.ts';
import type { Release } from './dispatcher.ts';

/** A publish and its claim may be under way this long before anything is said about them. */
const graceMs = 2_000;
const lookEveryMs = 1_000;
const mostAtOnce = 1_000;

interface Claims {
  /** Newest release that was claimed, and when this was seen first. */
  through: Date;
  seenAt: number;
}

export class LostPublishes {
  readonly #database: Database;
  readonly #lanes: ReadonlyMap<LaneName, Lane>;
  readonly #clock: Clock;
  readonly #lookedAt = new Map<QueuePath, number>();
  readonly #emptySince = new Map<QueuePath, number>();
  readonly #claims = new Map<QueuePath, Claims[]>();

  constructor(options: { database: Database; lanes: ReadonlyMap<LaneName, Lane>; clock: Clock }) {
    this.#database = options.database;
    this.#lanes = options.lanes;
    this.#clock = options.clock;
  }

  observe(queue: QueuePath, claimedThrough: Date | undefined): void {
    if (!claimedThrough) return;
    const seen = this.#claims.get(queue) ?? [];
    seen.push({ through: claimedThrough, seenAt: this.#clock.ticks() });
    this.#claims.set(queue, seen.slice(-10));
  }

  /** Marks lost jobs of a queue as released again and answers them, to be published. Looks at most once a second. */
  async find(queue: QueuePath): Promise<Release[]> {
    const now = this.#clock.ticks();
    if (now - (this.#lookedAt.get(queue) ?? Number.NEGATIVE_INFINITY) < lookEveryMs) return [];
    this.#lookedAt.set(queue, now);
    const suspects = await this.#unclaimed(queue);
    if (suspects.length === 0) {
      this.#emptySince.delete(queue);
      return [];
    }
    const before = (await this.#isEmpty(queue, now)) ? new Date(8.64e15) : this.#overtakenBefore(queue, now);
    const lost = suspects.filter((job) => job.dispatched_at < before);
    if (lost.length === 0) return [];
    const newest = lost.at(-1)?.dispatched_at;
    const ids = `{${lost.map((job) => job.id).join(',')}}`;
    const { rows } = await this.#database.retrying(() =>
      this.#database.query<Release>('select * from twolane.republish($1, $2)', [ids, newest]),
    );
    return rows;
  }

  async #unclaimed(queue: QueuePath): Promise<{ id: string; dispatched_at: Date }[]> {
    const { rows } = await this.#database.query(
      `select id, date_trunc('milliseconds', dispatched_at) + interval '1 ms' as dispatched_at from twolane.live
       where queue = $1 and dispatched_at < clock_timestamp() - $2 * interval '1 ms' and state = 'queued' and lot is null
       order by live.dispatched_at limit $3`,
      [queue, graceMs, mostAtOnce],
    );
    return rows;
  }

  /** Empty now and at an earlier look: what was between broker and worker then has arrived by now. */
  async #isEmpty(queue: QueuePath, now: number): Promise<boolean> {
    const { lane, queue: name } = splitQueuePath(queue);
    const [depth, buffered] = await Promise.all([this.#lanes.get(lane)?.inspect(name), this.#buffered(queue)]);
    if (!depth || depth.ready > 0 || buffered > 0) {
      this.#emptySince.delete(queue);
      return false;
    }
    const since = this.#emptySince.get(queue) ?? now;
    this.#emptySince.set(queue, since);
    return now - since >= lookEveryMs;
  }

  async #buffered(queue: QueuePath): Promise<number> {
    const { rows } = await this.#database.query<{ n: number }>(
      'select coalesce(sum((buffered ->> $1)::int), 0)::int as n from twolane.sessions',
      [queue],
    );
    return rows[0]?.n ?? 0;
  }

  /** Jobs released before this moment were overtaken: later ones had been claimed a grace time ago already. */
  #overtakenBefore(queue: QueuePath, now: number): Date {
    const old = (this.#claims.get(queue) ?? []).filter((claim) => now - claim.seenAt >= graceMs);
    const newest = Math.max(0, ...old.map((claim) => claim.through.getTime()));
    return new Date(newest);
  }
}
