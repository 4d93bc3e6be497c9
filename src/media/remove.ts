/** Removing a media with all its bytes, but for those that another one shares. It may be called again after it was cut short. */
import { dirname } from 'node:path/posix';
import type { FileStore, Operations } from '../contract/index.ts';
import { workFolder } from './piece-store.ts';
import type { HiddenMedia, MediaStore } from './store.ts';
import { partsFolder } from './upload/parts.ts';
import type { UploadStore } from './upload/store.ts';

export interface RemoveParts {
  store: MediaStore;
  uploads: UploadStore;
  files: FileStore;
  operations: Pick<Operations, 'cancel'>;
}

export async function takeAway(parts: RemoveParts, { row, shared }: HiddenMedia): Promise<void> {
  const { files, store, uploads } = parts;
  if (!shared && row.state === 'processing') await parts.operations.cancel(row.job_id, 'media removed');
  if (!shared) await files.remove(workFolder(row.job_id));
  for (const prefix of removable(row, shared)) await files.remove(prefix);
  if (row.source && 'upload' in row.source) {
    await files.remove(partsFolder(row.source.upload));
    await uploads.end(row.source.upload);
  }
  await store.forget(row.id);
}

/** What only this media needs. The folder of a shared one may be where the other one's renditions are, or will be. */
function removable({ id, prefix, original_key: original, state }: HiddenMedia['row'], shared: boolean): string[] {
  const own = `media/${id}`;
  const shown = prefix === null ? own : dirname(prefix);
  if (shared) return state === 'ready' && shown !== own ? [own] : [];
  return [...(original === null ? [] : [original]), ...new Set([own, shown])];
}
