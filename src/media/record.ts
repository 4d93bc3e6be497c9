/** Writing a new media down: its row and the job that processes it, or its share in one of the same bytes. */
import { randomBytes } from 'node:crypto';
import type { Enqueuer, JobDefinition, MediaKind, MediaUpload, Queryable } from '../contract/index.ts';
import { looksOfJoined } from './looks.ts';
import type { MediaStore, NewMedia } from './store.ts';

export interface RecordParts {
  store: MediaStore;
  enqueuer: Enqueuer;
  /** The job types that process each kind, that fetch what lies elsewhere, and that add renditions. Their payload is `{mediaId, ownerId}`. */
  jobs: Readonly<Record<MediaKind | 'fetch' | 'renditions' | 'plan', JobDefinition>>;
  /** Logical shard of new ids. Default 0. */
  shard?: number | undefined;
}

export interface Recorded {
  id: string;
  jobId: string;
  /** Another media of the owner had the same bytes: the new ones are not needed. */
  shared: boolean;
}

/** Whoever sends, and what goes along with the bytes. */
export type Recordable = Pick<MediaUpload, 'ownerId' | 'tenant' | 'metadata' | 'altText' | 'filters'>;

/** For the row of an upload. */
export function newUploadId(): string {
  return randomBytes(16).toString('hex');
}

/**
 * Records a media in one transaction.
 * @param within what else belongs to the transaction
 */
export function record(
  { store, enqueuer, jobs, shard = 0 }: RecordParts,
  from: Required<NewMedia>['from'],
  { ownerId, tenant, metadata, altText, filters }: Recordable,
  within?: (tx: Queryable, recorded: Recorded) => Promise<void>,
): Promise<Recorded> {
  return enqueuer.transaction(async (tx, enqueue) => {
    const id = await store.nextId(tx, shard);
    const media = { id, ownerId, tenant, metadata, altText, filters };
    const other = 'source' in from ? undefined : await store.same(tx, { ownerId, tenant, sha256: from.sha256 });
    let jobId: string;
    if (other === undefined) {
      const definition = 'source' in from ? jobs.fetch : jobs[from.kind];
      jobId = (await enqueue(definition, { mediaId: id, ownerId }, { tenant })).id;
      await store.insert(tx, { ...media, jobId, from });
    } else {
      await store.insert(tx, { ...media, jobId: '0' });
      const joined = await store.join(tx, id, other);
      jobId = joined?.jobId ?? '';
      const looks = joined ? looksOfJoined(jobs, { mediaId: id, ownerId, tenant, filters }, joined) : [];
      for (const { job, payload, options } of looks) await enqueue(job, payload, options);
    }
    const recorded = { id, jobId, shared: other !== undefined };
    await within?.(tx, recorded);
    return recorded;
  });
}
