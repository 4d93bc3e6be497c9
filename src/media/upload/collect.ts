/** Collecting what nobody comes back for: uploads whose time is over, files of crashes, removals that were cut short. */
import type { FolderStore } from '../folders.ts';
import { type RemoveParts, takeAway } from '../remove.ts';
import { partsFolder } from './parts.ts';
import type { UploadRow } from './store.ts';

/** A removal is given so long before another process takes it over, minutes. */
const removalMinutes = 10;
/** No attempt needs longer between putting its files in place and its commit, minutes. */
const publishingMinutes = 6 * 60;
/** No job works longer than this without writing to its folder, milliseconds. */
const scratchMs = 24 * 60 * 60_000;

export interface CollectParts extends RemoveParts {
  folders: FolderStore;
}

/** See `MediaUploads.collect`. */
export async function collect(parts: CollectParts, limit: number): Promise<Record<string, number>> {
  return {
    uploads: await collectUploads(parts, limit),
    removals: await finishRemovals(parts, limit),
    folders: await collectFolders(parts, limit),
    scratch: await parts.files.sweep({ olderThanMs: scratchMs, limit }),
  };
}

/** Published by an attempt that was killed before its commit. */
async function collectFolders({ folders, files }: CollectParts, limit: number): Promise<number> {
  let removed = 0;
  while (removed < limit && (await folders.takeLeft(publishingMinutes, (prefix) => files.remove(prefix)))) removed += 1;
  return removed;
}

/** The row goes only after its files, so that a crash in between loses neither. */
async function collectUploads({ uploads, files }: RemoveParts, limit: number): Promise<number> {
  let removed = 0;
  while (removed < limit && (await uploads.takeExpired((row) => removeFiles(row)))) removed += 1;
  return removed;

  async function removeFiles({ id, kind, key }: UploadRow) {
    // A file that a media took over has no row any more; those that are left belong to nobody.
    if (key !== null && (kind === 'form' || kind === 'fetch')) await files.remove(key);
    else await files.remove(partsFolder(id));
  }
}

async function finishRemovals(parts: RemoveParts, limit: number): Promise<number> {
  const left = await parts.store.removedBefore(removalMinutes, limit);
  for (const { id, owner_id: ownerId } of left) {
    const hidden = await parts.store.hide(id, ownerId);
    if (hidden) await takeAway(parts, hidden);
  }
  return left.length;
}
