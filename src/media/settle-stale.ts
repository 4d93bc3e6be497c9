/** A job can end without its handler (a crash loop, a cancel, a time limit): the media learns of it when it is read. */
import type { JobDetail, Operations } from '../contract/index.ts';
import type { MediaRow, MediaStore } from './store.ts';

/** The row as it is; a `processing` one whose job is over becomes `failed`, here and in the table. */
export async function settleStale(
  row: MediaRow,
  store: MediaStore,
  operations: Pick<Operations, 'get'>,
): Promise<MediaRow> {
  if (row.state !== 'processing') return row;
  const job = await operations.get(row.job_id);
  if (job?.state !== 'dead' && job?.state !== 'cancelled') return row;
  const error = errorOf(job);
  await store.markFailed(row.id, error);
  return { ...row, state: 'failed', error };
}

/** What the owner is told. Messages of unexpected errors may name machines and files: they stay with the operator. */
export function errorOf(job: Pick<JobDetail, 'state' | 'error'>): { code: string; message: string } {
  if (job.state === 'cancelled') return { code: 'cancelled', message: 'The processing was cancelled' };
  if (job.error?.name === 'NonRetryableError')
    return { code: job.error.code ?? 'processing_failed', message: job.error.message };
  return { code: 'processing_failed', message: 'The file could not be processed; the operator can see why and retry' };
}
