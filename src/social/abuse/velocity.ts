/** Counts deeds in sliding windows, in Redis: one script call per deed, and nothing for products that count none. */
import { randomUUID } from 'node:crypto';
import type { Redis, Result } from 'ioredis';
import type { Rule } from './rules.ts';

declare module 'ioredis' {
  interface RedisCommander<Context> {
    countDeed(keyCount: number, ...keysAndValues: (string | number)[]): Result<number[], Context>;
  }
}

/**
 * KEYS one sorted set per rule · ARGV now, a name for the deed, then window and block per rule. Answers the counts with this
 * deed. It is counted only where no rule blocks it, so a set never grows beyond its rule's `block`.
 */
const script = `
local counts, blocked = {}, false
for i, key in ipairs(KEYS) do
  redis.call('ZREMRANGEBYSCORE', key, '-inf', ARGV[1] - ARGV[1 + 2 * i])
  counts[i] = redis.call('ZCARD', key) + 1
  blocked = blocked or counts[i] > tonumber(ARGV[2 + 2 * i])
end
if blocked then return counts end
for i, key in ipairs(KEYS) do
  redis.call('ZADD', key, ARGV[1], ARGV[2])
  redis.call('PEXPIRE', key, ARGV[1 + 2 * i])
end
return counts`;

export class Velocity {
  readonly #redis: Redis;
  readonly #prefix: string;

  constructor(redis: Redis, prefix: string) {
    this.#redis = redis;
    this.#prefix = `${prefix}:velocity:`;
    redis.defineCommand('countDeed', { lua: script });
  }

  /** Counts one deed of the subject under all the rules at once. @param now milliseconds since 1970. */
  async count(rules: readonly Rule[], subject: string, now: number): Promise<number[]> {
    const keys = this.#keys(rules, subject);
    const bounds = rules.flatMap(({ windowMs, block }) => [windowMs, block]);
    return this.#redis.countDeed(keys.length, ...keys, now, randomUUID(), ...bounds);
  }

  /** Begins the counts of the subject anew. */
  async forget(rules: readonly Rule[], subject: string): Promise<void> {
    await this.#redis.unlink(...this.#keys(rules, subject));
  }

  #keys(rules: readonly Rule[], subject: string): string[] {
    return rules.map(({ name }) => `${this.#prefix}${name}:${subject}`);
  }
}
