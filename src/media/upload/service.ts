/** Uploads in parts and past us, from their first row to the media they become. */
import type { FileStore, JsonObject, MediaUploads, NewPartialUpload, Queryable } from '../../contract/index.ts';
import { TwolaneError } from '../../contract/index.ts';
import { folderStore } from '../folders.ts';
import { newUploadId, type Recorded, record } from '../record.ts';
import type { MediaServiceOptions } from '../service.ts';
import { sniff } from '../sniff.ts';
import { mediaStore } from '../store.ts';
import { append } from './append.ts';
import { type CollectParts, collect } from './collect.ts';
import { uploadLock } from './lock.ts';
import { partsFolder, readParts } from './parts.ts';
import { type UploadPart, type UploadRow, uploadStore } from './store.ts';

/** How long the door into the bucket stays open at most, seconds. */
const doorS = 60 * 60;

/** The uploads over one file store and the databases of the ledger. */
export function mediaUploads(options: MediaServiceOptions): MediaUploads {
  const { files, limits } = options;
  const store = uploadStore(options.db);
  const media = mediaStore(options.db);
  const parts = { ...options, store: media };
  const removing: CollectParts = { ...parts, uploads: store, folders: folderStore(options.db) };

  async function begin(id: string, kind: 'tus' | 'presigned', upload: NewPartialUpload, more: { key?: string } = {}) {
    if (upload.bytes > limits.maxUploadBytes)
      throw new TwolaneError('too_large', `The file is larger than ${limits.maxUploadBytes} bytes`);
    await store.begin({ ...upload, ...more, id, kind, expiresS: limits.expiresS }, limits.quotas);
  }

  async function finish(id: string) {
    const row = await existing(id);
    if (row.media_id !== null) return accepted(row.media_id);
    if (Number(row.bytes) !== Number(row.received))
      throw new TwolaneError(
        'upload_incomplete',
        `${row.received} of ${row.bytes} bytes are here; send the rest first`,
      );
    return become(row, row.parts);
  }

  /** Unless its first bytes are no photo's and no video's: then all of it is removed. */
  async function become(row: UploadRow, of: readonly UploadPart[]) {
    await sniffParts(files, of).catch(async (error: unknown) => {
      await drop(row.id);
      throw error;
    });
    const { owner_id: ownerId, tenant, alt_text: altText, filters } = row;
    const more = { metadata: mediaMetadata(row), altText: altText ?? undefined, filters };
    const upload = { ownerId, tenant: tenant ?? undefined, ...more };
    try {
      const from = { source: { upload: row.id } };
      const recorded = await record(parts, from, upload, (tx, { id }) => claim(tx, row.id, id, of));
      return answerOf(recorded);
    } catch (error) {
      if (error instanceof AlreadyMedia) return accepted(error.mediaId);
      throw error;
    }
  }

  async function claim(tx: Queryable, id: string, mediaId: string, of: readonly UploadPart[]) {
    const row = await store.lock(tx, id);
    if (!row) throw missing();
    if (row.media_id !== null) throw new AlreadyMedia(row.media_id);
    await store.becomes(tx, id, mediaId, of);
  }

  async function accepted(mediaId: string) {
    return { id: mediaId, jobId: (await media.find(mediaId))?.job_id ?? '' };
  }

  async function existing(id: string): Promise<UploadRow> {
    const row = isUploadId(id) ? await store.find(id) : undefined;
    if (!row) throw missing();
    return row;
  }

  async function drop(id: string) {
    await files.remove(partsFolder(id));
    await store.end(id);
  }

  return {
    expiresS: limits.expiresS,
    newId: newUploadId,
    create: (id, upload) => begin(id, 'tus', upload),
    async find(id) {
      const row = isUploadId(id) ? await store.find(id) : undefined;
      return row?.kind === 'tus' ? viewOf(row) : undefined;
    },
    append: async (id, from, source, checksum) => append({ files, store }, await existing(id), from, source, checksum),
    finish,
    end: async (id) => drop((await existing(id)).id),
    lock: (id) => uploadLock(store, id),
    async presign(upload) {
      if (!files.presign)
        throw new TwolaneError('no_bucket', 'Files are kept in a folder here; use POST /v1/uploads or tus');
      const id = newUploadId();
      const key = `${partsFolder(id)}/file`;
      const expiresS = Math.min(doorS, limits.expiresS);
      await begin(id, 'presigned', upload, { key });
      const door = await files.presign(key, { bytes: upload.bytes, expiresS });
      return { method: 'PUT', ...door, key, expiresAt: new Date(Date.now() + expiresS * 1000) };
    },
    async handOver(key, by) {
      const row = await existing(key.split('/')[1] ?? '');
      // The key says which upload it is; only its row says whose.
      if (row.kind !== 'presigned' || row.key !== key || row.owner_id !== by.ownerId) throw missing();
      if (by.tenant !== undefined && row.tenant !== by.tenant) throw missing();
      if (row.media_id !== null) return accepted(row.media_id);
      const found = await files.open(key);
      if (found?.bytes !== Number(row.bytes))
        throw new TwolaneError(
          'upload_incomplete',
          `${found?.bytes ?? 0} of ${row.bytes} bytes are here; send the file first`,
        );
      return become(row, [{ key, bytes: found.bytes }]);
    },
    collect: (limit) => collect(removing, limit),
  };
}

/** Another request was faster; its media is the upload's. */
class AlreadyMedia extends Error {
  readonly mediaId: string;
  constructor(mediaId: string) {
    super('The upload is a media already');
    this.mediaId = mediaId;
  }
}

async function sniffParts(files: FileStore, parts: readonly UploadPart[]): Promise<void> {
  const source = readParts(files, parts);
  await sniff(source).finally(() => source.destroy());
}

/** What is echoed with the media. Clients of tus send it as the value `metadata`; values without a meaning here, such as names, are not asked for. */
function mediaMetadata({ kind, metadata }: UploadRow): JsonObject | undefined {
  if (kind !== 'tus') return metadata ?? undefined;
  return typeof metadata?.metadata === 'string' ? (JSON.parse(metadata.metadata) as JsonObject) : undefined;
}

const answerOf = ({ id, jobId }: Recorded) => ({ id, jobId });

const missing = () => new TwolaneError('not_found', 'There is no such upload, or its time is over');

function isUploadId(id: string): boolean {
  return /^[0-9a-f]{32}$/.test(id);
}

function viewOf(row: UploadRow) {
  return {
    id: row.id,
    ownerId: row.owner_id,
    tenant: row.tenant,
    bytes: Number(row.bytes),
    received: Number(row.received),
    metadata: row.metadata,
    mediaId: row.media_id,
    createdAt: row.created_at,
  };
}
