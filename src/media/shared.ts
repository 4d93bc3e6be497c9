/** The statements on `twolane.media` that know of media which share their bytes: joining, showing and removing them. */
import type { DatabaseFor, Queryable } from '../contract/index.ts';
import { columns, type HiddenMedia, type MediaRow, present } from './rows.ts';

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
    async join(tx: Queryable, id: string, other: string): Promise<{ jobId: string } | undefined> {
      const text = 'select job_id::text as "jobId" from twolane.join_media($1, $2)';
      return (await tx.query<{ jobId: string }>(text, [id, other])).rows[0];
    },

    /** The media that a job is to make ready; when that one is gone, another one that shares its bytes. */
    async findForJob(id: string, jobId: string): Promise<MediaRow | undefined> {
      const text = `select ${columns} from twolane.media
        where (id = $2 or job_id = $1) and ${present} order by id = $2 desc, id limit 1`;
      return (await databaseFor(id).query<MediaRow>(text, [jobId, id])).rows[0];
    },

    /** Whether what was published under the prefix is some media's of the job. */
    async isShown(id: string, jobId: string, prefix: string): Promise<boolean> {
      const text = `select from twolane.media where job_id = $1 and ${present}
        and (prefix = $2 or renditions @> jsonb_build_array(jsonb_build_object('prefix', $2::text)))`;
      return (await databaseFor(id).query(text, [jobId, prefix])).rows.length > 0;
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
