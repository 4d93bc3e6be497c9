/** A database of its own for one scenario, on the server of the benchmark. */
import { randomBytes } from 'node:crypto';
import pg from 'pg';

export interface OwnDatabase {
  url: string;
  /** Unique on the servers; begins with a letter. */
  name: string;
  drop(): Promise<void>;
}

/**
 * @param commitDelayMs added to each wait of a commit for the disk, as a slower disk would: PostgreSQL's `commit_delay`, which
 *   sleeps before the flush whether or not other transactions are under way
 */
export async function createDatabase(commitDelayMs = 0): Promise<OwnDatabase> {
  const server = process.env.DATABASE_URL ?? '';
  const name = `bench_${randomBytes(5).toString('hex')}`;
  await onServer(server, [
    `create database ${name}`,
    ...(commitDelayMs > 0
      ? [
          `alter database ${name} set commit_delay = ${Math.round(commitDelayMs * 1_000)}`,
          `alter database ${name} set commit_siblings = 0`,
        ]
      : []),
  ]);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return { url: url.href, name, drop: () => onServer(server, [`drop database ${name} with (force)`]) };
}

async function onServer(url: string, statements: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}
