/** The product's own database: its tables, and its transactions. */
import pg from 'pg';
import { settings } from './settings.ts';

export const pool = new pg.Pool({ connectionString: settings.databaseUrl });

export async function createTables(): Promise<void> {
  await pool.query(`
    create table if not exists users (id bigint generated always as identity primary key, name text not null);
    create table if not exists photos (id uuid primary key, user_id bigint not null references users,
      media_id text, state text not null default 'processing');
    create table if not exists webhooks (secret text not null);
    create table if not exists letters (user_id bigint not null, text text not null);
  `);
}

export async function transaction<T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    const result = await work(client);
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback');
    throw error;
  } finally {
    client.release();
  }
}
