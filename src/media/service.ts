/** What the API does with media: accept an upload, look media up, remove them. */
import type { Readable } from 'node:stream';
import type {
  DatabaseFor,
  Enqueuer,
  FileStore,
  JobDefinition,
  MediaKind,
  MediaService,
  MediaSource,
  MediaUpload,
  Operations,
  PageRequest,
} from '../contract/index.ts';
import { cutPage, idCursor, isId } from '../contract/index.ts';
import type { Outgoing } from '../outgoing/index.ts';
import { keepOriginal } from './original.ts';
import { pictures } from './pictures.ts';
import type { poisonRecords } from './poison.ts';
import { checkSource } from './source.ts';
import { type MediaRow, mediaStore, type NewMedia } from './store.ts';
import { viewOf } from './view.ts';

export interface MediaServiceOptions {
  db: DatabaseFor;
  files: FileStore;
  enqueuer: Enqueuer;
  operations: Pick<Operations, 'cancel'>;
  outgoing: Outgoing;
  /** The job types that process each kind, and that fetch what lies elsewhere. Their payload is `{mediaId, ownerId}`. */
  jobs: Readonly<Record<MediaKind | 'fetch' | 'renditions', JobDefinition>>;
  poison: ReturnType<typeof poisonRecords>;
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

  async function accept(source: Readable, { signal, ...upload }: MediaUpload) {
    const original = await keepOriginal(files, source, { maxBytes: options.limits.maxUploadBytes, signal });
    try {
      await options.poison.refuseKnown(original);
      return await record(options.jobs[original.kind], original, upload);
    } catch (error) {
      await files.remove(original.originalKey);
      throw error;
    }
  }

  async function handOver(source: MediaSource, upload: MediaUpload) {
    await checkSource(options, source);
    return record(options.jobs.fetch, { source }, upload);
  }

  function record(
    definition: JobDefinition,
    from: NewMedia['from'],
    { ownerId, metadata, altText, tenant }: MediaUpload,
  ) {
    return enqueuer.transaction(async (tx, enqueue) => {
      const id = await store.nextId(tx, options.shard ?? 0);
      const job = await enqueue(definition, { mediaId: id, ownerId }, { tenant });
      await store.insert(tx, { id, ownerId, tenant, jobId: job.id, metadata, altText, from });
      return { id, jobId: job.id };
    });
  }

  async function page(ownerId: string, { limit = 50, cursor, tenant }: PageRequest & { tenant?: string }) {
    const rows = await store.ofOwner({ ownerId, tenant, before: idCursor(cursor), limit: limit + 1 });
    return cutPage(rows.map(show), limit, ({ id }) => id);
  }

  async function remove(id: string, ownerId: string) {
    const row = isId(id) ? await store.hide(id, ownerId) : undefined;
    if (!row) return false;
    if (row.state === 'processing') await operations.cancel(row.job_id, 'media removed');
    if (row.original_key !== null) await files.remove(row.original_key);
    await files.remove(`media/${id}`);
    await store.forget(id);
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
    handOver,
    page,
    remove,
    tenantOf,
    views,
    view: async (id) => (await views([id]))[0],
  };
}
