/** What a peer's own database tells about it. */
import pg from 'pg';
import type { Place } from './peer.ts';

export const storedInDatabase = ({ database }: Place): Promise<number> =>
  oneNumber(database, 'select pg_database_size(current_database())');

/** The first column of the first row. */
export async function oneNumber(url: string, query: string, values: readonly unknown[] = []): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query({ text: query, values: [...values], rowMode: 'array' });
    return Number(rows[0]?.[0]);
  } finally {
    await client.end();
  }
}
