/** How long this machine's disk and a commit of its PostgreSQL take. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { repository, stackFolder } from '../../scripts/run/folder.ts';
import { postgres } from '../../scripts/stack/postgres.ts';
import { createDatabase } from '../database.ts';

/**
 * Milliseconds of one write of 8 KiB that the disk has confirmed by fdatasync, by PostgreSQL's own `pg_test_fsync` beside the data
 * of the private servers. Undefined where the program is not installed.
 */
export async function fdatasyncMs(): Promise<number | undefined> {
  const folder = postgres.find();
  const program = folder && join(folder, 'pg_test_fsync');
  if (!program || !isThere(program)) return undefined;
  const place = mkdtempSync(join(isThere(stackFolder) ? stackFolder : repository, 'fsync-'));
  try {
    const child = spawn(program, ['-s', '1', '-f', join(place, 'file')], { stdio: ['ignore', 'pipe', 'ignore'] });
    const gone = once(child, 'exit');
    let output = '';
    for await (const chunk of child.stdout) {
      output += chunk;
      // The methods come one after another, a second each; only this one is wanted.
      const usPerWrite = /fdatasync\s+[\d.]+ ops\/sec\s+(\d+) usecs\/op/.exec(output)?.[1];
      if (!usPerWrite) continue;
      child.kill('SIGTERM');
      await gone;
      return Number(usPerWrite) / 1_000;
    }
    return undefined;
  } finally {
    rmSync(place, { recursive: true });
  }
}

/** The median of commits one after another on one connection, milliseconds. @param commitDelayMs as `createDatabase` */
export async function commitMs(commitDelayMs = 0): Promise<number> {
  const database = await createDatabase(commitDelayMs);
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  try {
    await client.query('create table one (n int)');
    const took: number[] = [];
    for (let n = 0; n < 200; n += 1) {
      const startedAt = performance.now();
      await client.query('insert into one values (1)');
      took.push(performance.now() - startedAt);
    }
    return took.toSorted((a, b) => a - b)[took.length / 2] as number;
  } finally {
    await client.end();
    await database.drop();
  }
}

function isThere(path: string): boolean {
  try {
    accessSync(path);
    return true;
  } catch {
    return false;
  }
}
