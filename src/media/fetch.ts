/** Fetching a media that was handed over by URL or key: its bytes into the file store, and the job that processes them. */
import {
  type Enqueuer,
  type JobContext,
  type JobDefinition,
  type MediaKind,
  MediaRefusedError,
  NonRetryableError,
  TwolaneError,
} from '../contract/index.ts';
import { keepOriginal } from './original.ts';
import type { poisonRecords } from './poison.ts';
import { openSource, type SourceParts } from './source.ts';
import type { MediaStore, Original } from './store.ts';

export interface FetchParts extends SourceParts {
  store: MediaStore;
  enqueuer: Enqueuer;
  poison: ReturnType<typeof poisonRecords>;
  /** The job type that processes each kind. */
  jobs: Readonly<Record<MediaKind, JobDefinition>>;
}

/** What no further attempt makes better about a file. */
const hopeless = new Set(['unsupported_media', 'empty_file', 'too_large']);

/** Settles the job together with the row and the job that goes on. Does nothing for a media that is gone. */
export async function fetchMedia(parts: FetchParts, mediaId: string, context: JobContext<void>): Promise<void> {
  const { store, files } = parts;
  const row = await store.find(mediaId);
  if (!row?.source) return;
  await store.restart(mediaId);
  const source = await openSource(parts, row.source, context.signal);
  const original = await keepOriginal(files, source, { maxBytes: parts.maxBytes, signal: context.signal })
    .catch(explain)
    .finally(() => source.destroy());
  try {
    await parts.poison.refuseKnown(original).catch(explain);
    await context.settle((tx) => goOn(parts, { mediaId, ownerId: row.owner_id, original, tenant: context.tenant }, tx));
  } finally {
    // Asks the row rather than the error: a commit may have happened although its answer was lost.
    if ((await store.find(mediaId))?.original_key !== original.originalKey) await files.remove(original.originalKey);
  }
}

interface Fetched {
  mediaId: string;
  ownerId: string;
  original: Original;
  tenant: string | undefined;
}

async function goOn(
  { store, enqueuer, jobs }: FetchParts,
  { mediaId, ownerId, original, tenant }: Fetched,
  tx: Parameters<MediaStore['setOriginal']>[0],
): Promise<void> {
  const [job] = await enqueuer.enqueueIn(tx, [
    { job: jobs[original.kind], payload: { mediaId, ownerId }, options: { tenant } },
  ]);
  await store.setOriginal(tx, mediaId, original, job?.id ?? '');
}

function explain(error: unknown): never {
  if (error instanceof MediaRefusedError || (error instanceof TwolaneError && hopeless.has(error.code)))
    throw new NonRetryableError(error.message, { code: error.code, cause: error });
  throw error;
}
