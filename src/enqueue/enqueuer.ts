/** Enqueue: checks the payload, writes the row in a micro-batch or in the caller's transaction, publishes after the commit. */
import {
  type Enqueue,
  type EnqueuedJob,
  type EnqueueItem,
  type Enqueuer,
  type InsertedJob,
  InvalidPayloadError,
  type NewJob,
  type PayloadFiles,
  type Queryable,
  type QueuePath,
  splitQueuePath,
  TwolaneError,
} from '../contract/index.ts';
import { flowAnswer, flowRows, type InsertedFlowJob } from './flow.ts';
import type { Published, Publisher } from './publisher.ts';
import { type CheckedJob, toNewJob } from './to-new-job.ts';

/** The part of the ledger that enqueueing needs. */
export interface InsertLedger {
  /** One job, in the next micro-batch. */
  insert(job: NewJob): Promise<InsertedJob>;
  /** Many jobs in one statement, through a transaction where given. */
  insertMany(jobs: readonly NewJob[], options: { direct: boolean; tx?: Queryable }): Promise<InsertedJob[]>;
  /** All jobs of a flow in one statement, through a transaction where given. */
  insertFlow(
    jobs: readonly NewJob[],
    options: { direct: boolean; tx?: Queryable; idempotencyKey?: string; tenant?: string },
  ): Promise<InsertedFlowJob[]>;
  transaction<T>(work: (tx: Queryable) => Promise<T>): Promise<T>;
}

export interface EnqueuerOptions {
  ledger: InsertLedger;
  publisher: Publisher;
  payloads: PayloadFiles;
  /** Throws for a queue in trouble. Without it nothing is refused: what follows from accepted work never is. */
  admit?(queue: QueuePath): void;
}

/** Most jobs in one call of `enqueueMany`. */
export const maxJobsPerCall = 10_000;
/** Most characters of payloads that one call writes to rows; what goes to the file store does not count. */
const maxCharactersPerCall = 64 * 1024 * 1024;

export function createEnqueuer({ ledger, publisher, payloads, admit }: EnqueuerOptions): Enqueuer {
  const toRow = (item: EnqueueItem): CheckedJob => {
    const row = toNewJob(item, payloads);
    if (!item.job.internal && item.options?.parentId === undefined) admit?.(row.queue);
    return row;
  };
  const stored = async (item: EnqueueItem): Promise<NewJob> => {
    const row = toRow(item);
    return row.large === undefined ? row : storeLarge([row], payloads).then(() => row);
  };
  const enqueue: Enqueue = async (job, payload, options) => {
    const row = await stored({ job, payload, options } as EnqueueItem);
    const inserted = await ledger.insert(row);
    publishQueued(publisher, [row], [inserted]);
    return answer(row, inserted);
  };
  const insertAll = async (items: readonly EnqueueItem[], options: { direct: boolean; tx?: Queryable }) => {
    if (items.length === 0) return { rows: [], inserted: [] };
    const rows = checkAll(items, toRow);
    await storeLarge(rows, payloads);
    return { rows, inserted: await ledger.insertMany(rows, options) };
  };
  return {
    enqueue,
    async enqueueMany(items) {
      const { rows, inserted } = await insertAll(items, { direct: true });
      publishQueued(publisher, rows, inserted);
      return rows.map((row, index) => answer(row, inserted[index] as InsertedJob));
    },
    async enqueueIn(tx, items) {
      const { rows, inserted } = await insertAll(items, { direct: false, tx });
      return rows.map((row, index) => answer(row, inserted[index] as InsertedJob));
    },
    async enqueueFlow(flow, { tx, ...options } = {}) {
      const { idempotencyKey, tenant } = options;
      const rows = flowRows(flow, options, toRow);
      await storeLarge(rows, payloads);
      const inserted = await ledger.insertFlow(rows, { direct: !tx, tx, idempotencyKey, tenant });
      if (!tx) publishQueued(publisher, rows, inserted);
      return flowAnswer(inserted);
    },
    async transaction(work) {
      const written: { row: NewJob; inserted: InsertedJob }[] = [];
      const result = await ledger.transaction((tx) => {
        const enqueueInside: Enqueue = async (job, payload, options) => {
          const row = await stored({ job, payload, options } as EnqueueItem);
          const [inserted] = await ledger.insertMany([row], { direct: true, tx });
          written.push({ row, inserted: inserted as InsertedJob });
          return answer(row, inserted as InsertedJob);
        };
        return work(tx, enqueueInside);
      });
      publishQueued(
        publisher,
        written.map((job) => job.row),
        written.map((job) => job.inserted),
      );
      return result;
    },
  };
}

/** All or nothing: one error that points at every job that does not fit, `/17/payload/width`. */
function checkAll(items: readonly EnqueueItem[], toRow: (item: EnqueueItem) => CheckedJob): CheckedJob[] {
  if (items.length > maxJobsPerCall) {
    throw new TwolaneError(
      'too_many_jobs',
      `One call takes up to ${maxJobsPerCall} jobs, this one has ${items.length}`,
    );
  }
  const problems: { pointer: string; detail: string }[] = [];
  const rows = items.map((item, index) => {
    try {
      return toRow(item);
    } catch (error) {
      if (!(error instanceof InvalidPayloadError)) throw error;
      problems.push(...error.fields.map(({ pointer, detail }) => ({ pointer: `/${index}/payload${pointer}`, detail })));
      return undefined;
    }
  });
  if (problems.length > 0) throw new InvalidPayloadError('batch', problems);
  checkTotal(rows as CheckedJob[]);
  return rows as CheckedJob[];
}

function checkTotal(rows: readonly CheckedJob[]): void {
  const total = rows.reduce((sum, row) => sum + row.inlineLength, 0);
  if (total <= maxCharactersPerCall) return;
  throw new TwolaneError(
    'batch_too_large',
    `The payloads of one call may have ${maxCharactersPerCall} characters, these have ${total}; split the call`,
  );
}

/** Moves large payloads to the file store, all of them safe there before a row refers to one. */
async function storeLarge(rows: readonly CheckedJob[], payloads: PayloadFiles): Promise<void> {
  const large = rows.filter((row) => row.large !== undefined);
  if (large.length === 0) return;
  const files = await payloads.keep(large.map((row) => row.large as string));
  large.forEach((row, index) => {
    row.payloadFile = files[index];
    row.large = undefined;
  });
}

function publishQueued(publisher: Publisher, rows: readonly NewJob[], inserted: readonly InsertedJob[]): void {
  const queued: Published[] = [];
  inserted.forEach((job, index) => {
    const row = rows[index] as NewJob;
    if (job.state !== 'queued' || job.deduplicated) return;
    queued.push({ id: job.id, type: row.type, version: row.version, fence: 0, crashes: 0, queue: row.queue });
  });
  if (queued.length > 0) publisher.publish(queued);
}

function answer(row: NewJob, { id, ...rest }: InsertedJob): EnqueuedJob {
  return { id, type: row.type, lane: splitQueuePath(row.queue).lane, ...rest };
}
