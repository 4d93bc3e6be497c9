/** Putting a finished folder in place and showing it: it is written down before, so that a crash in between leaves nothing for good. */
import { type DatabaseFor, type FileStore, type Queryable, type StoredFile, TwolaneError } from '../contract/index.ts';

export type FolderStore = ReturnType<typeof folderStore>;

/** Every statement on `twolane.media_folders`, in the database where the media's row lives. */
export function folderStore(databaseFor: DatabaseFor) {
  return {
    async note(mediaId: string, prefix: string): Promise<void> {
      await databaseFor(mediaId).query('insert into twolane.media_folders (prefix) values ($1)', [prefix]);
    },

    /** Belongs to the transaction that shows the folder. Throws TwolaneError `processing_failed` when it was collected meanwhile. */
    async shown(tx: Queryable, prefix: string): Promise<void> {
      if (!(await remove(tx, prefix)))
        throw new TwolaneError('processing_failed', 'Publishing took so long that its folder was collected');
    },

    async isLeft(mediaId: string, prefix: string): Promise<boolean> {
      const text = 'select from twolane.media_folders where prefix = $1';
      return (await databaseFor(mediaId).query(text, [prefix])).rows.length > 0;
    },

    async forget(mediaId: string, prefix: string): Promise<void> {
      await remove(databaseFor(mediaId), prefix);
    },

    /** Lets `take` remove one folder that nobody has shown for so long, and forgets it. False when there is none. */
    async takeLeft(minutes: number, take: (prefix: string) => Promise<void>): Promise<boolean> {
      return databaseFor('0').transaction(async (tx) => {
        const text = `select prefix from twolane.media_folders where written_at < now() - $1 * interval '1 minute'
          order by written_at limit 1 for update skip locked`;
        const [left] = (await tx.query<{ prefix: string }>(text, [minutes])).rows;
        if (!left) return false;
        await take(left.prefix);
        return remove(tx, left.prefix);
      });
    },
  };
}

async function remove(at: Queryable, prefix: string): Promise<boolean> {
  return (await at.query('delete from twolane.media_folders where prefix = $1', [prefix])).rowCount === 1;
}

export interface PublishParts {
  files: FileStore;
  folders: FolderStore;
}

/** A finished folder of this machine, and where it goes in the file store. */
export interface Publication {
  mediaId: string;
  output: string;
  prefix: string;
}

/**
 * Publishes, then commits; whoever loses the race for the row takes its own files away again.
 * @param commit shows the files and calls `shown` in the same transaction, unless nobody wants them any more
 */
export async function publishFolder(
  { files, folders }: PublishParts,
  { mediaId, output, prefix }: Publication,
  commit: (stored: readonly StoredFile[], shown: (tx: Queryable) => Promise<void>) => Promise<void>,
): Promise<void> {
  await folders.note(mediaId, prefix);
  try {
    const stored = await files.publish(output, prefix);
    await commit(stored, (tx) => folders.shown(tx, prefix));
  } finally {
    // Asks the row rather than the error: a commit may have happened although its answer was lost.
    if (await folders.isLeft(mediaId, prefix)) {
      await files.remove(prefix);
      await folders.forget(mediaId, prefix);
    }
  }
}
