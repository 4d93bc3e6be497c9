/** Redis: version, eviction, persistence, memory. Each URL once. */
import { Redis } from 'ioredis';
import { redis } from '../../../scripts/stack/redis.ts';
import { isAtLeast } from '../../../scripts/stack/versions.ts';
import type { Config } from '../../config.ts';
import { examine, type Finding, fault, ok, warning } from './check.ts';

export async function examineRedis({ REDIS_URL, feedRedisUrl }: Config): Promise<Finding[]> {
  const bulk = await examineOne('Redis', REDIS_URL, 'REDIS_URL', true);
  const feeds =
    feedRedisUrl === REDIS_URL ? [] : await examineOne('Redis of the feeds', feedRedisUrl, 'FEED_REDIS_URL', false);
  return [...bulk, ...feeds];
}

/** @param keeps whether it holds jobs; feeds are a cache */
function examineOne(check: string, url: string, variable: string, keeps: boolean): Promise<Finding[]> {
  return examine(check, `Start it, or correct ${variable}.`, async () => {
    const client = new Redis(url, { lazyConnect: true, connectTimeout: 5_000, retryStrategy: () => null });
    let refusal: unknown;
    client.on('error', (error) => {
      refusal = error;
    });
    try {
      await client.connect();
      const info = fieldsOf(await client.info());
      return [version(check, info), ...(keeps ? [eviction(info), persistence(info)] : []), memory(check, info)];
    } catch (error) {
      throw refusal ?? error;
    } finally {
      client.disconnect();
    }
  });
}

type Info = Record<string, string>;

function fieldsOf(info: string): Info {
  return Object.fromEntries([...info.matchAll(/^(\w+):(.*?)\r?$/gm)].map(([, name, value]) => [name, value]));
}

function version(check: string, { redis_version = '', role }: Info): Finding {
  if (!isAtLeast(redis_version, redis.minimum))
    return fault(check, redis_version, `Upgrade it to ${redis.minimum} or newer.`);
  if (role && role !== 'master') return fault(check, `${redis_version}, a ${role}`, 'Name the primary in the URL.');
  return ok(check, redis_version);
}

function eviction({ maxmemory_policy = 'unknown' }: Info): Finding {
  const check = 'Redis eviction';
  if (maxmemory_policy === 'noeviction') return ok(check, maxmemory_policy);
  const cure = 'Run `redis-cli config set maxmemory-policy noeviction` and set the same in redis.conf.';
  return fault(check, `${maxmemory_policy}: it drops keys when memory is short`, cure);
}

function persistence({ aof_enabled, aof_last_write_status, rdb_last_bgsave_status }: Info): Finding {
  const check = 'Redis persistence';
  if (aof_last_write_status && aof_last_write_status !== 'ok')
    return fault(
      check,
      'its last write of the append-only file failed',
      "Make room on Redis's disk and look at its log.",
    );
  if (aof_enabled !== '1') {
    const cure = 'Set `appendonly yes` in redis.conf and run `redis-cli config set appendonly yes`.';
    return warning(check, 'no append-only file: a restart of Redis delays bulk jobs', cure);
  }
  if (rdb_last_bgsave_status && rdb_last_bgsave_status !== 'ok')
    return warning(
      check,
      'its last snapshot failed',
      "Look at Redis's log: usually the disk is full or fork was refused.",
    );
  return ok(check, 'append-only file on, last write fine');
}

function memory(name: string, { used_memory = '0', maxmemory = '0' }: Info): Finding {
  const check = `${name} memory`;
  const [used, most] = [Number(used_memory), Number(maxmemory)];
  const found = `${mib(used)}${most ? ` of ${mib(most)}` : ', no limit'}`;
  if (!most || used < most * 0.8) return ok(check, found);
  return (used < most * 0.95 ? warning : fault)(check, found, 'Raise maxmemory, or find out who else writes there.');
}

const mib = (bytes: number) => `${Math.ceil(bytes / 1024 / 1024)} MiB`;
