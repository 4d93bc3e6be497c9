/** Looks that were asked for with an upload whose bytes are processed already: a job adds what is missing. */
import type { FilterName, JobDefinition } from '../contract/index.ts';
import type { JoinedMedia } from './shared.ts';

export interface AskedLooks {
  mediaId: string;
  ownerId: string;
  tenant: string | undefined;
  filters: readonly FilterName[] | undefined;
}

/** What is to be enqueued in the transaction of the join. A media that is not ready yet gets its looks when it is. */
export function looksOfJoined(
  jobs: { readonly renditions: JobDefinition },
  { mediaId, ownerId, tenant, filters = [] }: AskedLooks,
  { jobId, state, kind }: JoinedMedia,
) {
  if (state !== 'ready' || kind !== 'image' || filters.length === 0) return [];
  const payload = { mediaId, ownerId, mediaJobId: jobId, filters: [...filters] };
  return [{ job: jobs.renditions, payload, options: { tenant } }];
}
