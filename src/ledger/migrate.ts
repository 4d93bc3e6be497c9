/** Brings the tables up to date: plain SQL files in name order, each once, under a lock, so that many processes may start together. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Database } from './database.ts';
import { writtenSchema } from './schema.ts';

export interface MigrationSet {
  /** As the files write it; an installation may have another. */
  schema: string;
  folder: string;
}

export const platformMigrations: MigrationSet = {
  schema: writtenSchema,
  folder: fileURLToPath(new URL('./migrations', import.meta.url)),
};

/** Applies what is missing. Returns the names of the files that were applied. All of it commits, or nothing does. */
export async function migrate(database: Database, sets: readonly MigrationSet[]): Promise<string[]> {
  const { rewriter } = database;
  return database.transaction(async (tx) => {
    await tx.query('select pg_advisory_xact_lock(1, 2)');
    await tx.query("set local client_min_messages = 'warning'");
    const applied: string[] = [];
    for (const { schema: written, folder } of sets) {
      const schema = written.replace(writtenSchema, rewriter.schema);
      await tx.query(`create schema if not exists ${schema}`);
      await tx.query(
        `create table if not exists ${schema}.migrations (name text primary key, at timestamptz default now())`,
      );
      const { rows } = await tx.query<{ name: string }>(`select name from ${schema}.migrations`);
      const known = new Set(rows.map((row) => row.name));
      const files = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort();
      for (const name of files.filter((file) => !known.has(file))) {
        await tx.query(rewriter.migration(await readFile(join(folder, name), 'utf8')));
        await tx.query(`insert into ${schema}.migrations (name) values ($1)`, [name]);
        applied.push(`${schema}/${name}`);
      }
    }
    return applied;
  });
}
