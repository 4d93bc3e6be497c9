/** Fetching a media that was handed over by URL or key: its bytes into the file store, and the job that processes them. */
import {
  type Enqueuer,
  type FilterName,
  type JobContext,
  type JobDefinition,
  type MediaKind,
  MediaRefusedError,
  NonRetryableError,
  TwolaneError,
} from '../contract/index.ts';
import { looksOfJoined } from './looks.ts';
import { keepOriginal, originalKey } from './original.ts';
import type { poisonRecords } from './poison.ts';
import { newUploadId } from './record.ts';
import { type OpenSource, openSource, type SourceParts } from './source.ts';
import type { MediaStore, Original } from './store.ts';
import type { UploadLimits } from './upload/limits.ts';
import { partsFolder } from './upload/parts.ts';

export interface FetchParts extends SourceParts {
  store: MediaStore;
  enqueuer: Enqueuer;
  poison: ReturnType<typeof poisonRecords>;
  /** The job types that process each kind, and that add renditions. */
  jobs: Readonly<Record<MediaKind | 'renditions', JobDefinition>>;
  limits: UploadLimits;
}

/** What no further attempt makes better about a file. */
const hopeless = new Set([
  'unsupported_media',
  'empty_file',
  'too_large',
  'checksum_mismatch',
  'source_missing',
  'quota_exceeded',
]);

/** Settles the job together with the row and the job that goes on. Does nothing for a media that is gone. */
export async function fetchMedia(parts: FetchParts, mediaId: string, context: JobContext<void>): Promise<void> {
  const { store, files, uploads } = parts;
  const row = await store.find(mediaId);
  if (!row?.source) return;
  await store.restart(row);
  const copy = {
    id: newUploadId(),
    key: originalKey(),
    mediaId,
    ownerId: row.owner_id,
    tenant: context.tenant,
    filters: row.filters,
  };
  const source = await openSource(parts, row.source, context.signal);
  try {
    const original = await bring(parts, copy, source, context.signal).catch(explain);
    await parts.poison.refuseKnown(original).catch(explain);
    await context.settle((tx) => goOn(parts, copy, original, tx));
  } finally {
    source.stream.destroy();
    // Its row is gone when the media has taken the file over, also when the answer of the commit was lost.
    if (await uploads.find(copy.id)) {
      await files.remove(copy.key);
      await uploads.end(copy.id);
    }
  }
  if ('upload' in row.source) await letGo(parts, row.source.upload);
}

/** The file that a run writes, written down before its first byte. */
interface Copy {
  id: string;
  key: string;
  mediaId: string;
  ownerId: string;
  tenant: string | undefined;
  filters: readonly FilterName[];
}

async function bring(
  { files, uploads, limits }: FetchParts,
  copy: Copy,
  { stream, bytes, sha256 }: OpenSource,
  signal: AbortSignal,
): Promise<Original> {
  const { maxUploadBytes: maxBytes, expiresS, quotas } = limits;
  await uploads.begin({ ...copy, kind: 'fetch', bytes, held: bytes ?? 0, expiresS }, quotas);
  return keepOriginal(files, copy.key, stream, { maxBytes, signal, sha256 });
}

async function goOn(
  { store, uploads, enqueuer, jobs }: FetchParts,
  { id, mediaId, ownerId, tenant, filters }: Copy,
  original: Original,
  tx: Parameters<MediaStore['setOriginal']>[0],
): Promise<void> {
  const other = await store.same(tx, { ownerId, tenant, sha256: original.sha256 });
  if (other !== undefined) {
    const joined = await store.join(tx, mediaId, other);
    const looks = joined ? looksOfJoined(jobs, { mediaId, ownerId, tenant, filters }, joined) : [];
    if (looks.length > 0) await enqueuer.enqueueIn(tx, looks);
    await uploads.release(id, tx);
    return;
  }
  const [job] = await enqueuer.enqueueIn(tx, [
    { job: jobs[original.kind], payload: { mediaId, ownerId }, options: { tenant } },
  ]);
  // A media that is gone by now leaves the file to whoever wrote it.
  if (await store.setOriginal(tx, mediaId, original, job?.id ?? '')) await uploads.end(id, tx);
}

/** The parts have become one file; who asks for the upload is told so until its time is over. */
async function letGo({ files, uploads }: FetchParts, upload: string): Promise<void> {
  await files.remove(partsFolder(upload));
  await uploads.release(upload);
}

function explain(error: unknown): never {
  if (error instanceof MediaRefusedError || (error instanceof TwolaneError && hopeless.has(error.code)))
    throw new NonRetryableError(error.message, { code: error.code, cause: error });
  throw error;
}
