/** Attempts at a media without a worker: what a job's handler is given, over a real database. */
import { Readable } from 'node:stream';
import type { FileStore, JobContext } from '../../src/contract/index.ts';
import type { Database } from '../../src/ledger/database.ts';
import type { mediaStore } from '../../src/media/index.ts';

export interface MediaPlace {
  database: Database;
  store: ReturnType<typeof mediaStore>;
  files: FileStore;
}

/** A media of ada whose upload is done, and which a job of the same id processes. Resolves with its id. */
export async function uploadedMedia(
  { database, store, files }: MediaPlace,
  bytes: Buffer,
  { kind, contentType }: { kind: 'image' | 'video'; contentType: string } = { kind: 'image', contentType: 'image/png' },
): Promise<string> {
  const id = await store.nextId(database, 0);
  const stored = await files.write(`originals/${id}`, Readable.from([bytes]), { maxBytes: bytes.length });
  const from = { ...stored, kind, contentType, originalKey: stored.key };
  await store.insert(database, { id, ownerId: 'ada', jobId: id, metadata: undefined, from });
  return id;
}

/** A worker's context with a real transaction, for the attempt with this fence. */
export function attemptOf<Result>(
  database: Database,
  { id = '1', fence, settle }: { id?: string; fence: number; settle?: JobContext<Result>['settle'] | undefined },
): JobContext<Result> {
  const notHere = () => Promise.reject(new Error('not here'));
  return {
    id,
    type: 'process-image',
    lane: 'bulk',
    attempt: 1,
    maxAttempts: 3,
    key: undefined,
    tenant: undefined,
    owner: 'ada',
    fence,
    traceparent: undefined,
    signal: new AbortController().signal,
    progress: () => undefined,
    log: () => undefined,
    enqueue: notHere,
    enqueueMany: notHere,
    enqueueFlow: notHere,
    children: async () => [],
    scheduledFor: undefined,
    waitForChildren: () => {
      throw new Error('not here');
    },
    settle: settle ?? ((effect) => database.transaction(effect)),
  };
}
