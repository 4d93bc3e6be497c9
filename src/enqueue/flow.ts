/** Enqueues a flow: every job of it is checked, then all are written in one statement. */
import {
  type EnqueuedFlow,
  type FieldProblem,
  type Flow,
  type FlowOptions,
  type InsertedJob,
  InvalidPayloadError,
  type NewJob,
  splitQueuePath,
} from '../contract/index.ts';
import { type PlannedJob, planFlow } from './plan-flow.ts';
import { toNewJob } from './to-new-job.ts';

/** A job of a flow as the ledger answers it; of an earlier flow where an idempotency key led to one. */
export type InsertedFlowJob = InsertedJob & Pick<NewJob, 'type' | 'queue'>;

/**
 * The rows of a flow, checked all before any is written.
 * @throws InvalidPayloadError with pointers such as `/chain/1/payload/width`
 */
export function flowRows(flow: Flow, options: FlowOptions, maxPayloadBytes: number): NewJob[] {
  const problems: FieldProblem[] = [];
  const rows = planFlow(flow).map((planned) => {
    try {
      return toRow(planned, options, maxPayloadBytes);
    } catch (error) {
      if (!(error instanceof InvalidPayloadError)) throw error;
      const at = `${planned.pointer}/payload`;
      problems.push(...error.fields.map(({ pointer, detail }) => ({ pointer: at + pointer, detail })));
      return undefined;
    }
  });
  if (problems.length > 0) throw new InvalidPayloadError('of the flow', problems);
  return rows as NewJob[];
}

function toRow({ job: { job, payload, options }, after }: PlannedJob, flow: FlowOptions, maxPayloadBytes: number) {
  const { tenant, parentId, traceparent } = flow;
  const own = { tenant, ...options, parentId, traceparent };
  return { ...toNewJob({ job, payload, options: own }, maxPayloadBytes), after, inFlow: true };
}

export function flowAnswer(inserted: readonly InsertedFlowJob[]): EnqueuedFlow {
  const jobs = inserted.map(({ queue, ...job }) => ({ ...job, lane: splitQueuePath(queue).lane }));
  const last = jobs.at(-1);
  if (!last) throw new TypeError('The ledger answered no jobs for a flow');
  return { id: last.id, deduplicated: last.deduplicated, jobs };
}
