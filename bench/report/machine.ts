/** Where a run of the benchmark took place. */
import { availableParallelism, cpus, loadavg, release, totalmem } from 'node:os';
import { connect } from 'amqplib';
import { Redis } from 'ioredis';
import pg from 'pg';
import { serverUrl } from '../queues/system.ts';

export interface Machine {
  cpu: string;
  cores: number;
  memoryGib: number;
  system: string;
  node: string;
  postgresql: string;
  rabbitmq: string;
  redis: string;
  /** Of the minute before the run: above 0.5 something else used the machine. */
  loadBefore: number;
}

export async function thisMachine(): Promise<Machine> {
  return {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    memoryGib: Math.round(totalmem() / 1024 ** 3),
    system: `${process.platform} ${release()}`,
    node: process.versions.node,
    postgresql: await postgresVersion(),
    rabbitmq: await rabbitVersion(),
    redis: await redisVersion(),
    loadBefore: loadavg()[0] as number,
  };
}

async function postgresVersion(): Promise<string> {
  const client = new pg.Client({ connectionString: serverUrl('DATABASE_URL') });
  await client.connect();
  const { rows } = await client.query('show server_version').finally(() => client.end());
  return String(rows[0].server_version).split(' ')[0] as string;
}

async function rabbitVersion(): Promise<string> {
  const connection = await connect(serverUrl('AMQP_URL'));
  const { version } = connection.connection.serverProperties;
  await connection.close();
  return String(version);
}

async function redisVersion(): Promise<string> {
  const redis = new Redis(serverUrl('REDIS_URL'));
  const info = await redis.info('server').finally(() => redis.quit());
  return /redis_version:(\S+)/.exec(info)?.[1] ?? 'unknown';
}
