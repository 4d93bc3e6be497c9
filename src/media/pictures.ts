/** What owners do with their pictures: describe them, find their like. */
import { type DatabaseFor, isId, type Pictures } from '../contract/index.ts';
import { findSimilar } from './similar.ts';
import type { MediaRow, MediaStore } from './store.ts';
import { viewOf } from './view.ts';

export function pictures(parts: { db: DatabaseFor; store: MediaStore; publicUrl: string | undefined }): Pictures {
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
  };
}
