/** Step: what the handler is given beside its payload. */
import {
  type ChildJob,
  type ChildrenWait,
  type EnqueueOptions,
  type Enqueuer,
  FencedError,
  type JobContext,
  type Json,
  type LaneName,
  type Logger,
  type TransactionalEffect,
  WaitSignal,
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
  /** Set once the handler has asked to wait for its children. */
  readonly waits: ChildrenWait | undefined;
  /** It has asked for that in the child process. */
  noteWaits(waits: ChildrenWait): void;
}

/** Log lines that one attempt leaves in the ledger: a handler in a loop must not fill its disk. */
const mostLines = 1_000;

/** Its functions are methods: a named arrow function costs the loader of TypeScript a call, here once for each job. */
export function makeContext(job: ClaimedJob, lane: LaneName, stop: Stop, parts: ContextParts): MadeContext {
  let settled = false;
  let lines = 0;
  let waits: ChildrenWait | undefined;
  const children: string[] = [];
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
    scheduledFor: slotOf(job),
    get signal() {
      return stop.signal;
    },
    progress(percent, note) {
      parts.notes.progress(job.id, percent, note);
    },
    log(message, fields) {
      lines += 1;
      if (lines < mostLines) parts.notes.log(job.id, job.attempt, message, fields);
      else if (lines === mostLines) parts.notes.log(job.id, job.attempt, 'Further lines of this attempt are not kept');
    },
    async enqueue(definition, payload, options) {
      const enqueued = await parts.enqueuer.enqueue(definition, payload, inherit(job, options));
      children.push(enqueued.id);
      return enqueued;
    },
    async enqueueMany(items) {
      const own = items.map((item) => ({ ...item, options: inherit(job, item.options) }));
      const enqueued = await parts.enqueuer.enqueueMany(own);
      for (const { id } of enqueued) children.push(id);
      return enqueued;
    },
    children({ all = false } = {}) {
      return parts.children(job.id, all);
    },
    async enqueueFlow(flow, options) {
      const enqueued = await parts.enqueuer.enqueueFlow(flow, inherit(job, options));
      for (const { id } of enqueued.jobs) children.push(id);
      return enqueued;
    },
    waitForChildren(options) {
      if (settled) throw new TypeError('The job has settled; it can not wait for children any more');
      if (children.length === 0) throw new TypeError('The handler has enqueued nothing that the job could wait for');
      waits = { ...options, children };
      throw new WaitSignal();
    },
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
    get waits() {
      return waits;
    },
    noteWaits(asked) {
      waits = asked;
    },
  };
}

/** Metadata is anybody's, so a slot may be no time. */
function slotOf({ slot }: ClaimedJob): Date | undefined {
  if (slot === null) return undefined;
  const time = new Date(slot);
  return Number.isNaN(time.getTime()) ? undefined : time;
}

function inherit<O extends EnqueueOptions>({ id, traceparent, tenant }: ClaimedJob, options?: O) {
  return { parentId: id, traceparent: traceparent ?? undefined, tenant: tenant || undefined, ...options };
}
