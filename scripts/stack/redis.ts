/** A private Redis: loopback, a password, nothing evicted, every second on disk. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { onPath } from './find.ts';
import type { Answer, Place, ServerProgram } from './program.ts';
import { writePrivate } from './secrets.ts';

export const redis: ServerProgram = {
  name: 'redis',
  title: 'Redis',
  urlName: 'REDIS_URL',
  minimum: '6.2',
  stopSignal: 'SIGTERM',
  find: () => onPath('redis-server'),
  async prepare(place) {
    mkdirSync(place.data, { recursive: true, mode: 0o700 });
    writePrivate(configFile(place), configuration(place));
  },
  command: (place) => ({ program: onPath('redis-server') ?? 'redis-server', args: [configFile(place)] }),
  url: ({ ports, password }) => `redis://:${password}@127.0.0.1:${ports[0]}`,
  ask,
};

const configFile = (place: Place) => join(place.folder, 'redis.conf');

/** In a file and not in the arguments, so that the list of processes does not show the password. */
function configuration({ data, ports, password, sync }: Place): string {
  return [
    'bind 127.0.0.1',
    `port ${ports[0]}`,
    `dir ${JSON.stringify(data)}`,
    `requirepass ${password}`,
    'appendonly yes',
    `appendfsync ${sync ? 'everysec' : 'no'}`,
    'save ""',
    'maxmemory-policy noeviction',
    'daemonize no',
    '',
  ].join('\n');
}

async function ask(url: string): Promise<Answer> {
  const client = new Redis(url, { lazyConnect: true, connectTimeout: 3_000, retryStrategy: () => null });
  let refusal: unknown;
  client.on('error', (error) => {
    refusal = error;
  });
  try {
    await client.connect();
    const info = await client.info();
    const policy = field(info, 'maxmemory_policy');
    const evicts = policy !== undefined && policy !== 'noeviction';
    return { version: field(info, 'redis_version') ?? '', ...(evicts && { complaint: evictionComplaint(policy) }) };
  } catch (error) {
    throw refusal ?? error;
  } finally {
    client.disconnect();
  }
}

function field(info: string, name: string): string | undefined {
  return new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1];
}

function evictionComplaint(policy: string): string {
  return (
    `it drops keys when memory is short (maxmemory-policy is ${policy}), which loses queued jobs. ` +
    'Run `redis-cli config set maxmemory-policy noeviction` and set the same in its configuration file'
  );
}
