/** The least that Redis must do to put posts into capped feeds: script calls of 500 feeds each, in flight together, and nothing else. */
import type { Redis, Result } from 'ioredis';
import { feedCap } from '../../src/contract/feed-store.ts';

import { feedsPerCall, toMember } from '../../src/social/feed/redis-feed-store.ts';

declare module 'ioredis' {
  interface RedisCommander<Context> {
    bareInsert(keyCount: number, ...keysAndValues: string[]): Result<null, Context>;
  }
}

const script = `
for _, key in ipairs(KEYS) do
  redis.call('ZADD', key, 0, ARGV[1])
  redis.call('ZREMRANGEBYRANK', key, 0, -${feedCap + 1})
end`;

/** Puts each post into all of the feeds; resolves when Redis has answered the last call. */
export async function bareRedisBatch(redis: Redis, keys: readonly string[], postIds: readonly string[]): Promise<void> {
  redis.defineCommand('bareInsert', { lua: script });
  const calls: Promise<unknown>[] = [];
  for (const id of postIds)
    for (let from = 0; from < keys.length; from += feedsPerCall) {
      const chunk = keys.slice(from, from + feedsPerCall);
      calls.push(redis.bareInsert(chunk.length, ...chunk, toMember(id)));
    }
  await Promise.all(calls);
}
