/** What the API does with media: accept an upload, look media up, remove them. */
import type { Readable } from 'node:stream';
import type {
  DatabaseFor,
  FileStore,
  MediaService,
  MediaSource,
  MediaUpload,
  Operations,
  PageRequest,
} from '../contract/index.ts';
import { cutPage, idCursor, isId, TwolaneError } from '../contract/index.ts';
import type { Outgoing } from '../outgoing/index.ts';
import { keepOriginal, originalKey } from './original.ts';
import { pictures } from './pictures.ts';
import type { poisonRecords } from './poison.ts';
import { newUploadId, type RecordParts, record } from './record.ts';
import { takeAway } from './remove.ts';
import { checkSource } from './source.ts';
import { type MediaRow, mediaStore } from './store.ts';
import type { UploadLimits } from './upload/limits.ts';
import { uploadStore } from './upload/store.ts';
import { viewOf } from './view.ts';

export interface MediaServiceOptions extends Omit<RecordParts, 'store'> {
  db: DatabaseFor;
  files: FileStore;
  operations: Pick<Operations, 'cancel'>;
  outgoing: Outgoing;
  poison: ReturnType<typeof poisonRecords>;
  /** Makes URLs absolute. Default: they start with `/files/`. */
  publicUrl?: string | undefined;
  limits: UploadLimits;
}

/** The service over one file store and the databases of the ledger. */
export function mediaService(options: MediaServiceOptions): MediaService {
  const { files, enqueuer, limits } = options;
  const store = mediaStore(options.db);
  const uploads = uploadStore(options.db);
  const parts = { ...options, store };
  const owned = pictures({
    db: options.db,
    store,
    enqueuer,
    get job() {
      return options.jobs.renditions;
    },
    publicUrl: options.publicUrl,
  });
  const show = (row: MediaRow) => viewOf(row, options.publicUrl);

  async function accept(source: Readable, { bytes, signal, sha256, ...upload }: MediaUpload) {
    const id = newUploadId();
    const key = originalKey();
    const { expiresS, maxUploadBytes: maxBytes } = limits;
    // Written down before the first byte, so that whatever a crash leaves behind is found.
    await uploads.begin({ ...upload, id, kind: 'form', bytes, held: bytes ?? maxBytes, key, expiresS }, limits.quotas);
    try {
      const original = await keepOriginal(files, key, source, { maxBytes, signal, sha256 });
      await options.poison.refuseKnown(original);
      const { shared, ...accepted } = await record(parts, original, upload, async (tx, recorded) => {
        const there = recorded.shared ? await uploads.release(id, tx) : await uploads.end(id, tx);
        if (!there) throw new TwolaneError('upload_expired', `An upload may take ${expiresS} s at most`);
      });
      if (shared) await drop(id, key);
      return accepted;
    } catch (error) {
      // Its row is gone when a commit has happened although its answer was lost. What can't be removed now is collected.
      const gone = (error as { code?: string }).code === 'upload_expired';
      if (gone || (await uploads.find(id).catch(() => undefined))) await drop(id, key).catch(() => undefined);
      throw error;
    }
  }

  async function drop(id: string, key: string) {
    await files.remove(key);
    await uploads.end(id);
  }

  async function handOver(source: MediaSource, upload: MediaUpload) {
    await checkSource(options, source);
    const { id, jobId } = await record(parts, { source }, upload);
    return { id, jobId };
  }

  async function page(ownerId: string, { limit = 50, cursor, tenant }: PageRequest & { tenant?: string }) {
    const rows = await store.ofOwner({ ownerId, tenant, before: idCursor(cursor), limit: limit + 1 });
    return cutPage(rows.map(show), limit, ({ id }) => id);
  }

  const plan: MediaService['plan'] = async (wanted, { ownerId, tenant }) => {
    if ('source' in wanted) await checkSource(options, wanted.source);
    const job = await enqueuer.enqueue(options.jobs.plan, { ...wanted, ownerId }, { tenant });
    return { jobId: job.id };
  };

  async function remove(id: string, ownerId: string) {
    const hidden = isId(id) ? await store.hide(id, ownerId) : undefined;
    if (!hidden) return false;
    await takeAway({ ...options, store, uploads }, hidden);
    return true;
  }

  async function views(ids: readonly string[]) {
    const rows = await store.findMany(ids.filter(isId));
    const byId = new Map(rows.map((row) => [row.id, row]));
    return ids.flatMap((id) => byId.get(id) ?? []).map(show);
  }

  const tenantOf = async (id: string) => (isId(id) ? store.tenantOf(id) : undefined);

  return {
    poison: options.poison,
    pictures: owned,
    accept,
    plan,
    handOver,
    page,
    remove,
    tenantOf,
    views,
    view: async (id) => (await views([id]))[0],
  };
}
