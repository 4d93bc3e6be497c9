/** Scores windows, ranks their tags, and serves the last list that was published. */
import type { DatabaseFor } from '../../contract/database.ts';
import type { Logger } from '../../contract/logger.ts';
import { filterSettings, type Parsed, type PreparedPost, parse } from './filters.ts';
import { decayed, floorCount, halfLifeMs, isCandidate, surprise, windowMs, windowOf } from './score.ts';
import { lateWindows, type TrendList, TrendStore } from './store.ts';
import { grouped, type Scored } from './variants.ts';

/** Tags kept of each window, and those that the list is made of. */
const keptPerWindow = 500;
const mostCandidates = 300;
export const longestList = 100;
/** A score older than this is 1/64 of itself. */
const scoresLastMs = 6 * halfLifeMs;
/** The served list is at most so old, milliseconds. */
const freshMs = 5_000;

/** The tags of one post, as the parser hands them on. */
export interface TaggedPost {
  authorId: string;
  /** When it was published, ISO 8601 UTC. */
  at: string;
  tags: readonly string[];
}

export class Trends {
  readonly store: TrendStore;
  readonly #db: DatabaseFor;
  readonly #logger: Logger;
  #served: { list: TrendList | undefined; readAt: number } | undefined;

  constructor(db: DatabaseFor, logger: Logger) {
    this.store = new TrendStore(db);
    this.#db = db;
    this.#logger = logger;
  }

  /** The tags of a post that count, and why others don't. */
  parse(post: PreparedPost): Parsed & { version: number } {
    return { ...parse(post), version: filterSettings.version };
  }

  /**
   * Counts the tags of posts in the windows of their own time.
   * @param now milliseconds since 1970. What is later than two windows, or ahead of its time, counts for nothing.
   * @returns for each post whether it came in time.
   */
  async count(posts: readonly TaggedPost[], now: number): Promise<boolean[]> {
    const running = windowOf(now);
    const inTime = posts.map(({ at }) => {
      const window = windowOf(Date.parse(at));
      return window >= running - lateWindows && window <= running + 1;
    });
    const uses = posts
      .filter((_, index) => inTime[index])
      .flatMap(({ authorId, at, tags }) => tags.map((tag) => ({ tag, authorId, window: windowOf(Date.parse(at)) })));
    if (uses.length > 0) await this.store.use(uses);
    return inTime;
  }

  /**
   * Scores the windows that have ended and may still have changed, and makes the list as of `now`.
   * @returns the list; it is served once it was published.
   */
  async rank(now: number): Promise<TrendList> {
    const running = windowOf(now);
    let mostPeople = 0;
    for (let window = running - lateWindows - 1; window < running; window += 1)
      mostPeople = Math.max(mostPeople, await this.#score(window));
    const oldest = windowOf(now - scoresLastMs);
    const items = listOf(await this.store.scoresAfter(oldest), now);
    await this.store.forget(running, oldest);
    return { asOf: new Date(now).toISOString(), items, mostPeople };
  }

  /**
   * The last list that was published, also while nothing can be reached.
   * @throws when nothing can be reached and this process has never seen a list.
   */
  async current(): Promise<TrendList | undefined> {
    const served = this.#served;
    if (served?.list && performance.now() - served.readAt < freshMs) return served.list;
    try {
      this.#served = { list: await this.store.list(), readAt: performance.now() };
    } catch (error) {
      if (!served?.list) throw error;
      this.#logger.warn({ error }, 'The list of trends could not be read; the last one is served');
      this.#served = { list: served.list, readAt: performance.now() };
    }
    return this.#served.list;
  }

  /** @returns how many people used the most used tag. */
  async #score(window: number): Promise<number> {
    const { total, most, tags } = await this.store.counts(window, floorCount);
    if (total === 0) return 0;
    const scores = tags
      .filter(({ count, baseline }) => isCandidate(count, total, baseline))
      .map(({ tag, count, baseline }) => ({ tag, count, score: surprise(count, total, baseline) }))
      .sort((a, b) => b.score - a.score)
      .slice(0, keptPerWindow);
    await this.#db('').transaction((tx) => this.store.keep(tx, window, { total, tags, scores }));
    return most;
  }
}

/** Each tag by the best of its windows, faded by its age; variants as one. */
export function listOf(scores: readonly (Scored & { window: number })[], now: number): Scored[] {
  const best = new Map<string, Scored>();
  for (const { window, tag, count, score } of scores) {
    const faded = decayed(score, now - (window + 1) * windowMs);
    if (faded > (best.get(tag)?.score ?? 0)) best.set(tag, { tag, count, score: faded });
  }
  const candidates = [...best.values()].sort((a, b) => b.score - a.score).slice(0, mostCandidates);
  return grouped(candidates).slice(0, longestList);
}
