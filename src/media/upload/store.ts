/** Every statement on the tables of uploads: `twolane.uploads` and `twolane.upload_locks`. */
import type { DatabaseFor, FilterName, JsonObject, Queryable } from '../../contract/index.ts';
import { refusedBy, type UploadQuotas } from './quotas.ts';

export interface UploadPart {
  key: string;
  bytes: number;
}

/** A row as `pg` gives it: 64-bit numbers are decimal strings. */
export interface UploadRow {
  id: string;
  kind: 'form' | 'fetch' | 'tus' | 'presigned';
  owner_id: string;
  tenant: string | null;
  bytes: string | null;
  received: string;
  parts: UploadPart[];
  key: string | null;
  metadata: JsonObject | null;
  alt_text: string | null;
  filters: FilterName[];
  sha256: string | null;
  media_id: string | null;
  created_at: Date;
  expires_at: Date;
}

export interface NewUpload {
  id: string;
  kind: UploadRow['kind'];
  ownerId: string;
  tenant?: string | undefined;
  /** Undefined: nobody can say. */
  bytes?: number | undefined;
  /** What counts in the quota as long as it is under way. Default: `bytes`. */
  held?: number;
  key?: string;
  metadata?: JsonObject | undefined;
  altText?: string | undefined;
  filters?: readonly FilterName[] | undefined;
  sha256?: string | undefined;
  expiresS: number;
}

export type UploadStore = ReturnType<typeof uploadStore>;

const columns = `id, kind, owner_id, tenant, bytes, received, parts, key, metadata, alt_text, filters, sha256, media_id,
  created_at, expires_at`;

/** The statements, each in the database where the owner's rows live. */
export function uploadStore(databaseFor: DatabaseFor) {
  const one = async (id: string, text: string, values: unknown[]) =>
    (await databaseFor(id).query<UploadRow>(text, values)).rows[0];

  return {
    /** @throws QuotaError when the owner or the tenant has too much, or too many uploads under way, already */
    async begin(upload: NewUpload, quotas: UploadQuotas): Promise<void> {
      const { id, kind, ownerId, tenant = null, bytes = null, key = null, metadata, sha256 = null, expiresS } = upload;
      const held = upload.held ?? bytes ?? 0;
      const more = [upload.altText, upload.filters ?? []];
      await databaseFor(ownerId).transaction(async (tx) => {
        const limits = kind === 'fetch' ? withoutCounts(quotas) : quotas;
        const asked = [ownerId, tenant, held, kind === 'fetch' ? 0 : 1, JSON.stringify(limits)];
        const { rows } = await tx.query<{ broken: string | null }>(
          'select twolane.broken_quota($1, $2, $3, $4, $5) as broken',
          asked,
        );
        if (rows[0]?.broken) throw refusedBy(rows[0].broken, quotas);
        await tx.query(
          `insert into twolane.uploads (id, kind, owner_id, tenant, bytes, held, key, metadata, sha256, expires_at, alt_text, filters)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, now() + $10 * interval '1 s', $11, $12)`,
          [
            id,
            kind,
            ownerId,
            tenant,
            bytes,
            held,
            key,
            metadata && JSON.stringify(metadata),
            sha256,
            expiresS,
            ...more,
          ],
        );
      });
    },

    /** Undefined also when it is over its time and not finished. */
    async find(id: string): Promise<UploadRow | undefined> {
      const text = `select ${columns} from twolane.uploads where id = $1 and (media_id is not null or expires_at > now())`;
      return one(id, text, [id]);
    },

    /** Adds parts that follow each other to the end. False when the end is not there any more: somebody else was faster. */
    async append(id: string, from: number, parts: readonly UploadPart[]): Promise<boolean> {
      const bytes = parts.reduce((sum, part) => sum + part.bytes, 0);
      const text = `update twolane.uploads set received = received + $3, parts = parts || $4::jsonb
        where id = $1 and received = $2 and media_id is null and expires_at > now() and received + $3 <= bytes returning id`;
      return (await one(id, text, [id, from, bytes, JSON.stringify(parts)])) !== undefined;
    },

    /** Locks an upload all of whose bytes are here, for the transaction that makes a media of it. */
    async lock(tx: Queryable, id: string): Promise<UploadRow | undefined> {
      const text = `select ${columns} from twolane.uploads
        where id = $1 and (media_id is not null or expires_at > now()) for update`;
      return (await tx.query<UploadRow>(text, [id])).rows[0];
    },

    /** All of its bytes are here and this media will take them over. */
    async becomes(tx: Queryable, id: string, mediaId: string, parts?: readonly UploadPart[]): Promise<void> {
      await tx.query('update twolane.uploads set media_id = $2, parts = coalesce($3::jsonb, parts) where id = $1', [
        id,
        mediaId,
        parts ? JSON.stringify(parts) : null,
      ]);
    },

    /** Its media has taken the bytes over, or needs none of them: it counts no more. False when it was collected meanwhile. */
    async release(id: string, tx: Queryable = databaseFor(id)): Promise<boolean> {
      return (await tx.query('update twolane.uploads set held = 0 where id = $1', [id])).rowCount === 1;
    },

    /** The last step, once what it wrote is a media's or removed. False when it was collected meanwhile. */
    async end(id: string, tx: Queryable = databaseFor(id)): Promise<boolean> {
      return (await tx.query('delete from twolane.uploads where id = $1', [id])).rowCount === 1;
    },

    /**
     * Lets `remove` take the files of one upload away whose time is over, and forgets it. One that became a media is left alone
     * until the media has its bytes, or will never. False when there is none.
     */
    async takeExpired(remove: (row: UploadRow) => Promise<void>): Promise<boolean> {
      return databaseFor('0').transaction(async (tx) => {
        const text = `select ${columns} from twolane.uploads u
          where expires_at < now() and not exists (select from twolane.media m
            where m.id = u.media_id and m.source is not null and m.state = 'processing' and m.removed_at is null)
          order by expires_at limit 1 for update skip locked`;
        const row = (await tx.query<UploadRow>(text)).rows[0];
        if (!row) return false;
        await remove(row);
        await this.end(row.id, tx);
        await tx.query('delete from twolane.upload_locks where id = $1', [row.id]);
        return true;
      });
    },

    /** Takes the lock of an upload, or asks the one who has it to let go. */
    async takeLock(id: string, holder: string, leaseMs: number): Promise<boolean> {
      const text = 'select twolane.take_upload_lock($1, $2, $3) as taken';
      return (await databaseFor(id).query<{ taken: boolean }>(text, [id, holder, leaseMs])).rows[0]?.taken === true;
    },

    /** Keeps the lock. Undefined when it is somebody else's by now. */
    async renewLock(id: string, holder: string, leaseMs: number): Promise<{ wanted: boolean } | undefined> {
      const text = `update twolane.upload_locks set until = clock_timestamp() + $3 * interval '1 ms'
        where id = $1 and holder = $2 returning wanted`;
      return (await databaseFor(id).query<{ wanted: boolean }>(text, [id, holder, leaseMs])).rows[0];
    },

    async dropLock(id: string, holder: string): Promise<void> {
      await databaseFor(id).query('delete from twolane.upload_locks where id = $1 and holder = $2', [id, holder]);
    },
  };
}

function withoutCounts({ owner, tenant }: UploadQuotas): UploadQuotas {
  return { owner: { bytes: owner.bytes }, tenant: { bytes: tenant.bytes } };
}
