/** Finds a media for a caller: the owner sees it, for everyone else it does not exist. */
import type { MediaService, MediaView } from '../contract/index.ts';
import { notFound } from '../http/problem.ts';

/** @throws Problem 404 `not_found` */
export async function ownMedia(media: MediaService, id: string, userId: string): Promise<MediaView> {
  const found = await media.view(id);
  if (found?.ownerId !== userId) throw notFound('media');
  return found;
}
