/** Servers for tests: the ones shared by the whole run, a database or prefix of one's own on them, or a private stack to break. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { inject } from 'vitest';
import { type Stack, type StackOptions, type StackUrls, startStack } from '../../scripts/stack/index.ts';

export { until } from './until.ts';

/** Where the servers of this test run are. Share them: take a database and a prefix of your own. */
export function testUrls(): StackUrls {
  return inject('urls');
}

/** A prefix for Redis keys and RabbitMQ names that no other test uses. */
export function freshPrefix(): string {
  return `t${randomBytes(6).toString('hex')}`;
}

/** A database of one's own on the shared server, with the tables of the platform: a copy is quicker than the migrations. */
export function migratedDatabase(): ReturnType<typeof freshDatabase> {
  return freshDatabase(testUrls().DATABASE_URL, inject('template'));
}

/**
 * An empty database of one's own.
 * @param server URL of the server to make it on. Default: the shared one.
 */
export async function freshDatabase(
  server: string = testUrls().DATABASE_URL,
  template = 'template1',
): Promise<{ url: string; drop(): Promise<void> }> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  await onServer(server, `create database ${name} template ${template}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => onServer(server, `drop database if exists ${name} with (force)`) };
}

async function onServer(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

/** A stack that belongs to one test, whose servers may be killed and wiped; `remove` ends it and deletes its data. */
export async function privateStack(
  options: Partial<Omit<StackOptions, 'folder'>> = {},
): Promise<Stack & { folder: string; remove(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'twolane-private-'));
  const clean = () => rm(folder, { recursive: true, force: true });
  const stack = await startStack({ folder, sync: false, environment: {}, ...options }).catch(async (error) => {
    await clean();
    throw error;
  });
  const remove = async () => {
    await stack.stop();
    await clean();
  };
  return { ...stack, folder, remove };
}
