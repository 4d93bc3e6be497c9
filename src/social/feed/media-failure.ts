/** Says why a post can't be published with its media, in words for its author. */
import type { MediaView } from '../../contract/media.ts';

export interface Failure {
  code: 'media_gone' | 'media_failed';
  message: string;
}

/** Undefined while nothing stands in the way for good; media that are still being processed are fine. */
export function mediaFailure(mediaIds: readonly string[], views: readonly MediaView[]): Failure | undefined {
  const gone = mediaIds.find((id) => !views.some((view) => view.id === id));
  if (gone) return { code: 'media_gone', message: `Media ${gone} no longer exists` };
  const failed = views.find((view) => view.state === 'failed');
  if (!failed) return undefined;
  return { code: 'media_failed', message: `Media ${failed.id} failed: ${failed.error?.message ?? 'no reason given'}` };
}
