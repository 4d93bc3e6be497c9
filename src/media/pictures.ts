/** What owners do with their pictures: describe them, find their like, have more renditions made. */
import { createHash } from 'node:crypto';
import {
  type DatabaseFor,
  type Enqueuer,
  type ExtraRenditions,
  isId,
  type JobDefinition,
  type Pictures,
  TwolaneError,
} from '../contract/index.ts';
import { findSimilar } from './similar.ts';
import type { MediaRow, MediaStore } from './store.ts';
import { viewOf } from './view.ts';

export interface PictureParts {
  db: DatabaseFor;
  store: MediaStore;
  enqueuer: Enqueuer;
  /** The job type that makes more renditions. Its payload is `{mediaId, ownerId}` with what is wanted. */
  job: JobDefinition;
  publicUrl: string | undefined;
}

export function pictures(parts: PictureParts): Pictures {
  const { db, store } = parts;
  const show = (row: MediaRow) => viewOf(row, parts.publicUrl);

  async function own(id: string, ownerId: string): Promise<MediaRow | undefined> {
    const row = isId(id) ? await store.find(id) : undefined;
    return row?.owner_id === ownerId ? row : undefined;
  }

  return {
    async describe(id, ownerId, { altText }) {
      if (!(await own(id, ownerId))) return undefined;
      const row = await store.setAltText(id, altText);
      return row && show(row);
    },

    async similar(id, ownerId, how) {
      const row = await own(id, ownerId);
      if (!row) return undefined;
      if (row.perceptual_hash === null) return [];
      const found = await findSimilar(db(id), { id, ownerId, hash: row.perceptual_hash }, how);
      const rows = new Map((await store.findMany(found.map((each) => each.id))).map((each) => [each.id, each]));
      return found.flatMap(({ id: other, distance }) => {
        const media = rows.get(other);
        return media ? [{ distance, media: show(media) }] : [];
      });
    },

    async addRenditions(id, ownerId, what) {
      const row = await own(id, ownerId);
      if (!row) return undefined;
      if (row.kind === 'video') throw new TwolaneError('not_an_image', 'Filters and AVIF are for photos');
      if (row.state !== 'ready') throw new TwolaneError('not_ready', `The media is ${row.state}; it has to be ready`);
      const payload = { mediaId: id, ownerId, mediaJobId: row.job_id, ...inOrder(what) };
      const idempotencyKey = `renditions ${id} ${digest(payload)}`;
      const tenant = (await store.tenantOf(id)) ?? undefined;
      const { id: jobId } = await parts.enqueuer.enqueue(parts.job, payload, { idempotencyKey, tenant });
      return { jobId };
    },
  };
}

/** The same wish in the same words, in whatever order it came. */
function inOrder({ filters = [], avif = false }: ExtraRenditions) {
  return { filters: [...new Set(filters)].sort(), avif };
}

function digest(value: object): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 32);
}
