/** Step: what the handler is given beside its payload. */
import {
  type ChildJob,
  type EnqueueOptions,
  type Enqueuer,
  FencedError,
  type JobContext,
  type Json,
  type LaneName,
  type Logger,
  type TransactionalEffect,
} from '../../src/contract/index.ts';
import type { ClaimedJob } from '../../src/ledger/claim.ts';
import type { Notes } from '../../src/ledger/notes.ts';
import type { Stop } from './limits.ts';

export interface ContextParts {
  enqueuer: Enqueuer;
  notes: Pick<Notes, 'progress' | 'log'>;
  logger: Logger;
  /** What a job waited for, or with `all` everything before it too. */
  children(id: string, all: boolean): Promise<ChildJob[]>;
  /** Runs the effect and the success in one transaction; throws FencedError when the fence is old. */
  settleWith(job: ClaimedJob, effect: TransactionalEffect, result: Json | null): Promise<void>;
}

export interface MadeContext {
  public: JobContext;
  /** True once `settle` has committed. */
  readonly settled: boolean;
  /** It has committed in the child process that runs the handler. */
  noteSettled(): void;
}

/** Log lines that one attempt leaves in the ledger: a handler in a loop must not fill its disk. */
const mostLines = 1_000;

export function makeContext(job: ClaimedJob, lane: LaneName, stop: Stop, parts: ContextParts): MadeContext {
  let settled = false;
  let lines = 0;
  const inherit = <O extends EnqueueOptions>(options?: O) => ({
    parentId: job.id,
    traceparent: job.traceparent ?? undefined,
    tenant: job.tenant || undefined,
    ...options,
  });
  const context: JobContext = {
    id: job.id,
    type: job.type,
    lane,
    attempt: job.attempt,
    maxAttempts: job.max_attempts,
    key: job.key ?? undefined,
    tenant: job.tenant || undefined,
    owner: job.owner ?? undefined,
    fence: job.fence,
    traceparent: job.traceparent ?? undefined,
    get signal() {
      return stop.signal;
    },
    progress: (percent, note) => parts.notes.progress(job.id, percent, note),
    log(message, fields) {
      lines += 1;
      if (lines < mostLines) parts.notes.log(job.id, job.attempt, message, fields);
      else if (lines === mostLines) parts.notes.log(job.id, job.attempt, 'Further lines of this attempt are not kept');
    },
    enqueue: (definition, payload, options) => parts.enqueuer.enqueue(definition, payload, inherit(options)),
    enqueueMany: (items) =>
      parts.enqueuer.enqueueMany(items.map((item) => ({ ...item, options: inherit(item.options) }))),
    children: ({ all = false } = {}) => parts.children(job.id, all),
    enqueueFlow: (flow, options) => parts.enqueuer.enqueueFlow(flow, inherit(options)),
    async settle(effect, result) {
      if (settled) throw new FencedError(job.id);
      await parts.settleWith(job, effect, (result ?? null) as Json | null);
      settled = true;
    },
  };
  return {
    public: context,
    get settled() {
      return settled;
    },
    noteSettled() {
      settled = true;
    },
  };
}
