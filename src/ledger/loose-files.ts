/** Files of payloads that no job holds: noted before they are written, removed when no job took them or theirs let go. */
import type { FileStore } from '../contract/index.ts';
import type { Database } from './database.ts';

/** Files per transaction of the sweep. */
const slice = 100;
/** An enqueue has so long between writing its file and its row. */
const graceMinutes = 60;

export async function announceFiles(database: Database, keys: readonly string[]): Promise<void> {
  await database.query('insert into twolane.loose_files (key) select unnest($1::text[])', [keys]);
}

/** Removes the files that have belonged to no job for an hour. */
export async function sweepLooseFiles(database: Database, files: FileStore): Promise<void> {
  for (let removed = slice; removed === slice; ) {
    // The rows of a transaction under way are locked and left alone; the note goes only after its file.
    removed = await database.transaction(async (tx) => {
      const { rows } = await tx.query<{ key: string }>(
        `select key from twolane.loose_files where since < now() - $1 * interval '1 minute'
         order by since limit $2 for update skip locked`,
        [graceMinutes, slice],
      );
      const keys = rows.map((row) => row.key);
      for (const key of keys) await files.remove(key);
      if (keys.length > 0) await tx.query('delete from twolane.loose_files where key = any($1)', [keys]);
      return keys.length;
    });
  }
}
