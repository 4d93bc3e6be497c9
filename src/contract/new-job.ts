/** A job as it enters the ledger, and what the ledger answers. */
import type { EnqueuedJob, OnChildFailure } from './enqueue.ts';
import type { PayloadFile } from './payload-files.ts';
import type { Debounce, Throttle } from './repeats.ts';
import type { Json, JsonObject, Priority, QueuePath } from './words.ts';

/** A job as it enters the ledger, every default filled in. */
export interface NewJob {
  type: string;
  version: number;
  queue: QueuePath;
  priority: Priority;
  /** Undefined when it is in the file store. */
  payload: Json | undefined;
  payloadFile?: PayloadFile;
  maxAttempts: number;
  timeoutMs: number;
  key?: string;
  /** What limits per key count by, '' without a key; undefined when no limit concerns the job. */
  limitKey?: string;
  tenant?: string;
  owner?: string;
  idempotency?: {
    key: string;
    ms: number /** Tells whether a repeated key comes with the same payload. */;
    digest: string;
  };
  debounce?: Debounce;
  throttle?: Throttle;
  keepLast?: boolean;
  metadata?: JsonObject;
  delayMs?: number;
  runAt?: string;
  expiresAt?: string;
  waitFor?: readonly string[];
  /** Places, from 1, of jobs in the same call that it waits for as well; they stand before it. */
  after?: readonly number[];
  onChildFailure?: OnChildFailure;
  cancelChildren?: boolean;
  /** It belongs to the flow that this call is. */
  inFlow?: boolean;
  parentId?: string;
  traceparent?: string;
}

/** What inserting answers for each job, in the order given. */
export type InsertedJob = Pick<EnqueuedJob, 'id' | 'state' | 'deduplicated' | 'replaced' | 'payloadDiffers'>;
