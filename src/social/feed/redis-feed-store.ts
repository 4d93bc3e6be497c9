/** Feeds on Redis: one script call per chunk of feeds, so that a page of 10,000 followers is 20 round trips, most of them in flight together. */
import { randomUUID } from 'node:crypto';
import type { Redis, Result } from 'ioredis';
import { TwolaneError } from '../../contract/errors.ts';
import { type FeedIds, type FeedPage, type FeedStore, feedCap } from '../../contract/feed-store.ts';
import { aboveIds, fillScript, insertScript, markScript, pageScript, removeScript } from './scripts.ts';
import { Turns } from './turns.ts';

declare module 'ioredis' {
  interface RedisCommander<Context> {
    feedInsert(keyCount: number, ...keysAndValues: string[]): Result<null, Context>;
    feedRemove(keyCount: number, ...keysAndValues: string[]): Result<null, Context>;
    feedPage(
      key: string,
      cap: number,
      bound: string,
      limit: number,
      keptMs: number,
    ): Result<[string[], number] | null, Context>;
    feedMark(key: string, mark: string, keptMs: number): Result<number, Context>;
    feedFill(key: string, cap: number, mark: string, ...members: string[]): Result<number, Context>;
  }
}

/** Feeds that one script call touches: long enough to save round trips, short enough (about 2 ms) not to hold Redis up. */
export const feedsPerCall = 500;
/** Such calls of this process under way: Redis always has the next one, and a read is never far behind. */
const callsAtOnce = 16;
const rebuildTries = 10;

export interface RedisFeedStoreOptions {
  /** Keys begin with `<prefix>:feed:`. */
  prefix: string;
  /** A feed that nobody reads for so long is dropped, milliseconds. */
  keptMs: number;
}

export class RedisFeedStore implements FeedStore {
  readonly #redis: Redis;
  readonly #prefix: string;
  readonly #keptMs: number;
  readonly #turns = new Turns(callsAtOnce);

  /** Takes the connection over: `close` ends it. */
  constructor(redis: Redis, { prefix, keptMs }: RedisFeedStoreOptions) {
    this.#redis = redis;
    this.#prefix = `${prefix}:feed:`;
    this.#keptMs = keptMs;
    redis.defineCommand('feedInsert', { lua: insertScript });
    redis.defineCommand('feedRemove', { lua: removeScript });
    redis.defineCommand('feedPage', { lua: pageScript, numberOfKeys: 1 });
    redis.defineCommand('feedMark', { lua: markScript, numberOfKeys: 1 });
    redis.defineCommand('feedFill', { lua: fillScript, numberOfKeys: 1 });
  }

  async insert(userIds: readonly string[], postId: string): Promise<void> {
    await this.#chunked(userIds, (keys) =>
      this.#redis.feedInsert(keys.length, ...keys, String(feedCap), toMember(postId)),
    );
  }

  async remove(userIds: readonly string[], postId: string): Promise<void> {
    await this.#chunked(userIds, (keys) =>
      this.#redis.feedRemove(keys.length, ...keys, String(feedCap), toMember(postId)),
    );
  }

  async page(userId: string, { limit, before }: FeedPage): Promise<FeedIds | undefined> {
    const bound = before === undefined ? aboveIds : `(${toMember(before)}`;
    const found = await this.#redis.feedPage(this.#key(userId), feedCap, bound, limit, this.#keptMs);
    return found ? { ids: found[0].map(toId), complete: found[1] === 1 } : undefined;
  }

  async rebuild(userId: string, read: () => Promise<readonly string[]>): Promise<void> {
    const key = this.#key(userId);
    for (let attempt = 0; attempt < rebuildTries; attempt++) {
      const mark = `~${randomUUID()}`;
      if ((await this.#redis.feedMark(key, mark, this.#keptMs)) === 0) return;
      const members = (await read()).map(toMember);
      if ((await this.#redis.feedFill(key, feedCap, mark, ...members)) === 1) return;
    }
    throw new TwolaneError(
      'feed_unsettled',
      `The feed was dropped ${rebuildTries} times while it was rebuilt; try again`,
    );
  }

  async forget(userIds: readonly string[]): Promise<void> {
    await this.#chunked(userIds, (keys) => this.#redis.unlink(...keys));
  }

  async close(): Promise<void> {
    await this.#redis.quit();
  }

  #key(userId: string): string {
    return this.#prefix + userId;
  }

  async #chunked(userIds: readonly string[], call: (keys: string[]) => Promise<unknown>): Promise<void> {
    const calls: Promise<unknown>[] = [];
    for (let from = 0; from < userIds.length; from += feedsPerCall) {
      const chunk = userIds.slice(from, from + feedsPerCall);
      calls.push(this.#turns.run(() => call(chunk.map((id) => this.#key(id)))));
    }
    await Promise.all(calls);
  }
}

/** Padded to the 19 digits of the largest 64-bit id, so that text order is numeric order. */
export function toMember(id: string): string {
  return id.padStart(19, '0');
}

export function toId(member: string): string {
  return member.replace(/^0+(?=\d)/, '');
}
