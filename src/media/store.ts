/** Every statement on the table `twolane.media`. */
import type { DatabaseFor, FilterName, Queryable } from '../contract/index.ts';
import {
  columns,
  type MediaRow,
  type NewMedia,
  type Original,
  type OwnersPage,
  present,
  type ReadyMedia,
  type StoredRendition,
  setShown,
  shownColumns,
} from './rows.ts';
import { sharedMedia } from './shared.ts';

export type { HiddenMedia, MediaRow, NewMedia, Original, ReadyMedia, StoredRendition, StoredVideo } from './rows.ts';
export type MediaStore = ReturnType<typeof mediaStore>;

/** The statements, each in the database where the row lives. */
export function mediaStore(databaseFor: DatabaseFor) {
  return {
    ...sharedMedia(databaseFor),

    /** One new id, with the shard in it. */
    async nextId(tx: Queryable, shard: number): Promise<string> {
      const { rows } = await tx.query<{ id: string }>('select id::text as id from twolane.next_ids(1, $1) as id', [
        shard,
      ]);
      if (!rows[0]) throw new Error('twolane.next_ids gave no id');
      return rows[0].id;
    },

    async insert(tx: Queryable, { id, ownerId, tenant, jobId, metadata, from, ...more }: NewMedia): Promise<void> {
      const json = (value: object | undefined) => (value === undefined ? null : JSON.stringify(value));
      await tx.query(
        `insert into twolane.media (id, owner_id, tenant, job_id, metadata, source, alt_text, filters)
         values ($1, $2, $3, $4, $5, $6, $7, $8)`,
        [
          id,
          ownerId,
          tenant ?? null,
          jobId,
          json(metadata),
          json(from && 'source' in from ? from.source : undefined),
          more.altText,
          more.filters ?? [],
        ],
      );
      if (from && !('source' in from)) await this.setOriginal(tx, id, from, jobId);
    },

    /** The bytes are here, and this job processes them. False when they were here already, or the media is gone. */
    async setOriginal(tx: Queryable, id: string, original: Original, jobId: string): Promise<boolean> {
      const { kind, contentType, bytes, sha256, originalKey } = original;
      const { rowCount } = await tx.query(
        `update twolane.media set kind = $2, content_type = $3, bytes = $4, sha256 = $5, original_key = $6, job_id = $7,
           source = null
         where id = $1 and original_key is null and ${present}`,
        [id, kind, contentType, bytes, sha256, originalKey, jobId],
      );
      return rowCount === 1;
    },

    async find(id: string): Promise<MediaRow | undefined> {
      const text = `select ${columns} from twolane.media where id = $1 and ${present}`;
      return (await databaseFor(id).query<MediaRow>(text, [id])).rows[0];
    },

    /** Those that exist, in no particular order. */
    async findMany(ids: readonly string[]): Promise<MediaRow[]> {
      if (ids.length === 0) return [];
      const text = `select ${columns} from twolane.media where id = any($1::bigint[]) and ${present}`;
      return (await databaseFor(String(ids[0])).query<MediaRow>(text, [ids])).rows;
    },

    /** The owner's, of one tenant where it is given, the newest first, those before the id `before`. */
    async ofOwner({ ownerId, tenant, before, limit }: OwnersPage): Promise<MediaRow[]> {
      const text = `select ${columns} from twolane.media where owner_id = $1 and ${present}
        and ($2::bigint is null or id < $2) and ($4::text is null or tenant = $4) order by id desc limit $3`;
      return (await databaseFor(ownerId).query<MediaRow>(text, [ownerId, before ?? null, limit, tenant ?? null])).rows;
    },

    /** Undefined when there is no such media; also of one whose removal was cut short. */
    async tenantOf(id: string): Promise<string | null | undefined> {
      const { rows } = await databaseFor(id).query<{ tenant: string | null }>(
        'select tenant from twolane.media where id = $1',
        [id],
      );
      return rows[0]?.tenant;
    },

    /** An attempt begins; a retry gives the failed media of a job another chance. `pipeline` is the version that will process it. */
    async restart({ id, job_id: jobId }: MediaRow, pipeline?: number): Promise<void> {
      await databaseFor(id).query(
        `update twolane.media set state = 'processing', error = null, settled_at = null, pipeline = coalesce($2, pipeline)
         where job_id = $1 and state <> 'ready' and (state = 'failed' or pipeline is distinct from coalesce($2, pipeline))`,
        [jobId, pipeline],
      );
    },

    /**
     * Makes an attempt's files those of every media of the job. Answers the looks that were asked for with any of these;
     * undefined when all are gone or ready by another attempt.
     */
    async markReady(tx: Queryable, jobId: string, made: ReadyMedia): Promise<FilterName[] | undefined> {
      // Locked by a statement of its own, so that the next one sees those that joined them until then.
      await tx.query('select from twolane.media where job_id = $1 order by id for update', [jobId]);
      const { rows } = await tx.query<Pick<MediaRow, 'id' | 'filters'>>(
        `update twolane.media set state = 'ready', error = null, settled_at = now(), ${setShown}
         where job_id = $1 and state <> 'ready' and ${present} returning id, filters`,
        shownColumns(jobId, made),
      );
      if (rows.length === 0) return undefined;
      // What has come out well can be tried again.
      await tx.query(
        'delete from twolane.media_poison where sha256 = (select sha256 from twolane.media where id = $1)',
        [rows[0]?.id],
      );
      if (made.video) await tx.query('select twolane.forget_pieces($1)', [jobId]);
      await tx.query("select twolane.tell_media('media.ready', $1::bigint[])", [rows.map(({ id }) => id)]);
      return [...new Set(rows.flatMap(({ filters }) => filters))];
    },

    /** Adds to a ready media, and to those that share its bytes, what they do not have. False when all are gone, or have all. */
    async addRenditions(tx: Queryable, row: MediaRow, added: readonly StoredRendition[]): Promise<boolean> {
      const those = `owner_id = $1 and sha256 = $2 and original_key = $3 and ${present}`;
      const values = [row.owner_id, row.sha256, row.original_key];
      // Locked by a statement of its own, so that the next one sees those that joined them until then.
      await tx.query(`select from twolane.media where ${those} order by id for update`, values);
      const { rowCount } = await tx.query(
        `update twolane.media set renditions = renditions || twolane.missing_renditions(renditions, $4)
         where ${those} and state = 'ready' and twolane.missing_renditions(renditions, $4) <> '[]'`,
        [...values, JSON.stringify(added)],
      );
      return Boolean(rowCount);
    },

    /** The row as it is then; undefined when there is none any more. */
    async setAltText(id: string, altText: string | null): Promise<MediaRow | undefined> {
      const text = `update twolane.media set alt_text = $2 where id = $1 and ${present} returning ${columns}`;
      return (await databaseFor(id).query<MediaRow>(text, [id, altText])).rows[0];
    },
  };
}
