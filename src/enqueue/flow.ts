/** Enqueues a flow: every job of it is checked, then all are written in one statement. */
import {
  type EnqueuedFlow,
  type EnqueueItem,
  type FieldProblem,
  type Flow,
  type FlowOptions,
  type InsertedJob,
  InvalidPayloadError,
  type NewJob,
  splitQueuePath,
} from '../contract/index.ts';
import { type PlannedJob, planFlow } from './plan-flow.ts';
import type { CheckedJob } from './to-new-job.ts';

/** A job of a flow as the ledger answers it; of an earlier flow where an idempotency key led to one. */
export type InsertedFlowJob = InsertedJob & Pick<NewJob, 'type' | 'queue'>;

/**
 * The rows of a flow, checked all before any is written.
 * @throws InvalidPayloadError with pointers such as `/chain/1/payload/width`
 */
export function flowRows(flow: Flow, options: FlowOptions, toRow: (item: EnqueueItem) => CheckedJob): CheckedJob[] {
  const problems: FieldProblem[] = [];
  const rows = planFlow(flow).map((planned) => {
    try {
      return { ...toRow(itemOf(planned, options)), after: planned.after, inFlow: true };
    } catch (error) {
      if (!(error instanceof InvalidPayloadError)) throw error;
      const at = `${planned.pointer}/payload`;
      problems.push(...error.fields.map(({ pointer, detail }) => ({ pointer: at + pointer, detail })));
      return undefined;
    }
  });
  if (problems.length > 0) throw new InvalidPayloadError('of the flow', problems);
  return rows as CheckedJob[];
}

function itemOf({ job: { job, payload, options } }: PlannedJob, flow: FlowOptions): EnqueueItem {
  const { tenant, parentId, traceparent } = flow;
  return { job, payload, options: { tenant, ...options, parentId, traceparent } };
}

export function flowAnswer(inserted: readonly InsertedFlowJob[]): EnqueuedFlow {
  const jobs = inserted.map(({ queue, ...job }) => ({ ...job, lane: splitQueuePath(queue).lane }));
  const last = jobs.at(-1);
  if (!last) throw new TypeError('The ledger answered no jobs for a flow');
  return { id: last.id, deduplicated: last.deduplicated, jobs };
}
