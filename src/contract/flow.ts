/** Flows: jobs that wait for others, put together with `job`, `chain`, `parallel` and `chord`, across lanes and nested. */

import type { EnqueuedJob, EnqueueOptions, OnChildFailure } from './enqueue.ts';
import type { JobError } from './errors.ts';
import type { JobDefinition, PayloadInput, ResultOf } from './job.ts';
import type { JobSummary } from './job-view.ts';
import type { JobState } from './state.ts';
import type { Json } from './words.ts';

/** Jobs in one flow at most. */
export const maxFlowJobs = 1_000;
/** Pairs of a job and one that it waits for, in one flow at most. */
export const maxFlowEdges = 10_000;

/** What one job of a flow may set. It is new in any case: nothing here leads to an earlier job. */
export type FlowJobOptions = Omit<EnqueueOptions, NotInFlows>;

type NotInFlows =
  | 'idempotencyKey'
  | 'idempotencyMs'
  | 'debounce'
  | 'throttle'
  | 'keepLast'
  | 'parentId'
  | 'traceparent';

/** One job, and what must have ended before it starts. */
export interface FlowJob {
  job: JobDefinition;
  payload: unknown;
  options?: FlowJobOptions;
  children?: readonly Flow[];
}

export type Flow =
  | FlowJob
  | { chain: readonly Flow[] }
  | { parallel: readonly Flow[] }
  | { chord: readonly Flow[]; next: Flow };

/** What holds for a flow as a whole. */
export interface FlowOptions {
  /** A second flow with the same key (within 24 h, same tenant) answers the first one. */
  idempotencyKey?: string;
  /** For jobs that name none. */
  tenant?: string;
  parentId?: string;
  traceparent?: string;
}

/** `id` is that of the last job. The jobs stand in the order in which the flow names them, children before their parent. */
export interface EnqueuedFlow {
  id: string;
  deduplicated: boolean;
  jobs: EnqueuedJob[];
}

/** One job of a flow; with children it waits until they have ended. The payload is checked by the compiler and by the schema. */
export function job<D extends JobDefinition>(
  definition: D,
  payload: PayloadInput<D>,
  options: FlowJobOptions = {},
  children: readonly Flow[] = [],
): FlowJob {
  return { job: definition, payload, options, children };
}

/** One after another: each step starts when the one before it has ended. */
export function chain(...steps: readonly Flow[]): Flow {
  return { chain: steps };
}

/** All at once. What follows it in a chain waits for all of them. */
export function parallel(...flows: readonly Flow[]): Flow {
  return { parallel: flows };
}

/** All at once, then one that may read all results. */
export function chord(flows: readonly Flow[], next: Flow): Flow {
  return { chord: flows, next };
}

/** How a running job waits for the jobs that it has enqueued. */
export interface WaitForChildrenOptions {
  /** What becomes of it when one of them fails. Default `block`. */
  onChildFailure?: OnChildFailure;
  /** Cancelling it also cancels those of them that only it waits for and that do not run. Default true. */
  cancelChildren?: boolean;
}

export interface ChildrenWait extends WaitForChildrenOptions {
  /** Their ids. */
  children: readonly string[];
}

/** What `ctx.waitForChildren` throws to end the handler. Not an error: the job runs again when its children have ended. */
export class WaitSignal extends Error {
  constructor() {
    super('The job waits for its children: let this pass, the handler is called again when they have ended');
    this.name = 'WaitSignal';
  }
}

/** A job that another one waited for, as that one sees it. */
export interface ChildJob {
  id: string;
  type: string;
  state: JobState;
  /** Why it was cancelled or is dead. */
  reason: string | null;
  result: Json | null;
  error: JobError | null;
}

/** The results of the children of one type that have succeeded, in their order. */
export function resultsOf<D extends JobDefinition>(children: readonly ChildJob[], definition: D): ResultOf<D>[] {
  return children
    .filter((child) => child.type === definition.type && child.state === 'succeeded')
    .map((child) => child.result as ResultOf<D>);
}

/** A flow as the API shows it: `waitsFor` are the edges. */
export interface FlowView {
  id: string;
  counts: Partial<Record<JobState, number>>;
  jobs: (JobSummary & { waitsFor: string[] })[];
}
