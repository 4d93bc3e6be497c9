/** What a peer's own database tells about it. */
import pg from 'pg';
import type { Place } from './peer.ts';

export const storedInDatabase = ({ database }: Place): Promise<number> =>
  oneNumber(database, 'select pg_database_size(current_database())');

/** The first column of the first row. */
export async function oneNumber(url: string, query: string, values: readonly unknown[] = []): Promise<number> {
  return Number((await rowsOf(url, query, values))[0]?.[0]);
}

/** @throws Error unless it changes rows */
export async function runStatement(url: string, statement: string, values: readonly unknown[]): Promise<void> {
  const changed = await rowsOf(url, `with changed as (${statement} returning 1) select count(*) from changed`, values);
  if (Number(changed[0]?.[0]) === 0) throw new Error(`It changed nothing: ${statement}`);
}

async function rowsOf(url: string, text: string, values: readonly unknown[]): Promise<unknown[][]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query({ text, values: [...values], rowMode: 'array' })).rows;
  } finally {
    await client.end();
  }
}
