/** The statements on `twolane.media` that know of media which share their bytes: joining, showing and removing them. */
import type { DatabaseFor, MediaKind, Queryable } from '../contract/index.ts';
import { columns, type HiddenMedia, type MediaRow, present } from './rows.ts';

/** What a media has become by sharing the bytes of another one. */
export interface JoinedMedia {
  jobId: string;
  state: MediaRow['state'];
  kind: MediaKind;
}

/** A part of `mediaStore`. */
export function sharedMedia(databaseFor: DatabaseFor) {
  return {
    /**
     * A media of the owner with the same bytes that is ready or will be. Nobody adds or removes one of these bytes until the
     * transaction ends.
     */
    async same(
      tx: Queryable,
      { ownerId, tenant, sha256 }: { ownerId: string; tenant: string | undefined; sha256: string },
    ) {
      const text = 'select twolane.same_media($1, $2, $3)::text as id';
      const { rows } = await tx.query<{ id: string | null }>(text, [ownerId, tenant ?? null, sha256]);
      return rows[0]?.id ?? undefined;
    },

    /** Gives a media without bytes all that another one has and will have. Undefined when it is gone, or has bytes. */
    async join(tx: Queryable, id: string, other: string): Promise<JoinedMedia | undefined> {
      const text = 'select job_id::text as "jobId", state, kind from twolane.join_media($1, $2)';
      return (await tx.query<JoinedMedia>(text, [id, other])).rows[0];
    },

    /** The media; when that one is gone, another one that shares its bytes and the job that processes them. */
    async findForJob(id: string, jobId: string): Promise<MediaRow | undefined> {
      const text = `select ${columns} from twolane.media
        where (id = $2 or job_id = $1) and ${present} order by id = $2 desc, id limit 1`;
      return (await databaseFor(id).query<MediaRow>(text, [jobId, id])).rows[0];
    },

    /**
     * Hides the media for good and says what it was, and whether another one needs its bytes; also for one whose removal was
     * cut short.
     */
    async hide(id: string, ownerId: string): Promise<HiddenMedia | undefined> {
      return databaseFor(id).transaction(async (tx) => {
        const { rows } = await tx.query<{ shared: boolean }>('select shared from twolane.hide_media($1, $2)', [
          id,
          ownerId,
        ]);
        if (!rows[0]) return undefined;
        const found = await tx.query<MediaRow>(`select ${columns} from twolane.media where id = $1`, [id]);
        return { row: found.rows[0] as MediaRow, shared: rows[0].shared };
      });
    },

    /** Those whose removal began so long ago and is not over, the oldest first. */
    async removedBefore(minutes: number, limit: number): Promise<Pick<MediaRow, 'id' | 'owner_id'>[]> {
      const text = `select id, owner_id from twolane.media
        where removed_at < now() - $1 * interval '1 minute' order by removed_at limit $2`;
      return (await databaseFor('0').query<Pick<MediaRow, 'id' | 'owner_id'>>(text, [minutes, limit])).rows;
    },

    /** The last step of a removal, once the bytes are gone. */
    async forget(id: string): Promise<void> {
      await databaseFor(id).query('delete from twolane.media where id = $1 and removed_at is not null', [id]);
    },
  };
}
