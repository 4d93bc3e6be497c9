/** Claims released jobs for free slots: the one gate through which every run must pass. */
import type { Json, PayloadFile, Queryable } from '../contract/index.ts';

/** A job in the hands of this process, valid while its fence is. */
export interface ClaimedJob {
  id: string;
  fence: number;
  attempt: number;
  crashes: number;
  type: string;
  version: number;
  key: string | null;
  tenant: string;
  owner: string | null;
  max_attempts: number;
  timeout_ms: number;
  /** Null with a `payload_file`. */
  payload: Json;
  payload_file: PayloadFile | null;
  traceparent: string | null;
  /** ISO 8601; null for a job that no slot of a schedule has enqueued. */
  slot: string | null;
  /** From when nothing but its turn kept it from starting until it was claimed. */
  wait_ms: number;
}

/**
 * Answers those of the jobs that are to be run here now; all others may be dropped, the ledger takes care of them.
 * @param alone nothing else runs in this process: only then it gets a job that has ended two processes
 */
export async function claimJobs(
  database: Queryable,
  session: number,
  ids: readonly string[],
  alone: boolean,
): Promise<ClaimedJob[]> {
  const { rows } = await database.query<ClaimedJob>('select * from twolane.claim($1, $2, $3)', [
    session,
    `{${ids.join(',')}}`,
    alone,
  ]);
  return rows;
}
