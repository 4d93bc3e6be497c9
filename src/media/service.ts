/** What the API does with media: accept an upload, look media up, remove them. */
import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import type {
  DatabaseFor,
  Enqueuer,
  FileStore,
  JobDefinition,
  MediaService,
  MediaUpload,
  MediaView,
  Operations,
  PageRequest,
  StoredFile,
} from '../contract/index.ts';
import { TwolaneError } from '../contract/index.ts';
import { type Sniffed, sniff } from './sniff.ts';
import { type MediaRow, mediaStore } from './store.ts';
import { viewOf } from './view.ts';

export interface MediaServiceOptions {
  db: DatabaseFor;
  files: FileStore;
  enqueuer: Enqueuer;
  operations: Pick<Operations, 'cancel'>;
  /** The job type that processes each kind. Its payload is `{mediaId, ownerId}`. */
  jobs: Readonly<Record<MediaView['kind'], JobDefinition>>;
  /** Makes URLs absolute. Default: they start with `/files/`. */
  publicUrl?: string;
  limits: { maxUploadBytes: number };
  /** Logical shard of new ids. Default 0. */
  shard?: number;
}

/** The service over one file store and the databases of the ledger. */
export function mediaService(options: MediaServiceOptions): MediaService {
  const { files, enqueuer, operations } = options;
  const store = mediaStore(options.db);
  const show = (row: MediaRow) => viewOf(row, options.publicUrl);

  async function accept(source: Readable, upload: MediaUpload) {
    const { type, whole } = await sniff(source);
    const key = `originals/${randomBytes(1).toString('hex')}/${randomBytes(16).toString('hex')}`;
    const stored = await files.write(key, Readable.from(whole, { objectMode: false }), {
      maxBytes: options.limits.maxUploadBytes,
      signal: upload.signal,
    });
    return record(stored, type, upload).catch(async (error: unknown) => {
      await files.remove(key);
      throw error;
    });
  }

  function record(stored: StoredFile, type: Sniffed, { ownerId, metadata }: MediaUpload) {
    return enqueuer.transaction(async (tx, enqueue) => {
      const id = await store.nextId(tx, options.shard ?? 0);
      const job = await enqueue(options.jobs[type.kind], { mediaId: id, ownerId });
      await store.insert(tx, {
        id,
        ownerId,
        jobId: job.id,
        originalKey: stored.key,
        metadata,
        ...type,
        ...sizeOf(stored),
      });
      return { id, jobId: job.id };
    });
  }

  async function page(ownerId: string, { limit = 50, cursor }: PageRequest) {
    if (cursor !== undefined && !isId(cursor))
      throw new TwolaneError('invalid_cursor', 'Use the nextCursor of the page before, or none');
    const rows = await store.ofOwner(ownerId, cursor, limit + 1);
    const items = rows.slice(0, limit);
    return { items: items.map(show), nextCursor: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
  }

  async function remove(id: string, ownerId: string) {
    const row = isId(id) ? await store.hide(id, ownerId) : undefined;
    if (!row) return false;
    if (row.state === 'processing') await operations.cancel(row.job_id, 'media removed');
    await files.remove(row.original_key);
    await files.remove(`media/${id}`);
    await store.forget(id);
    return true;
  }

  async function views(ids: readonly string[]) {
    const rows = await store.findMany(ids.filter(isId));
    const byId = new Map(rows.map((row) => [row.id, row]));
    return ids.flatMap((id) => byId.get(id) ?? []).map(show);
  }

  return { accept, page, remove, views, view: async (id) => (await views([id]))[0] };
}

function sizeOf({ bytes, sha256 }: StoredFile) {
  return { bytes, sha256 };
}

/** Whether a text from outside can be a 64-bit id. */
function isId(text: string): boolean {
  return /^[1-9]\d{0,18}$/.test(text) && BigInt(text) <= 9_223_372_036_854_775_807n;
}
