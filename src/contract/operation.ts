/** Operations: one change to many jobs, made by a job of its own, page by page, and for a redrive in stages. */
import type { Queryable } from './database.ts';
import type { JobFilter, JobSummary } from './job-view.ts';
import type { Page, PageRequest } from './page.ts';

/** `redrive` and `discard` change dead jobs, `cancel` those that have not ended. */
export const operationActions = ['redrive', 'discard', 'cancel'] as const;
export type OperationAction = (typeof operationActions)[number];

/** How many jobs a stage moves: a number, a share of those that were found, or the rest. */
export type StageSize = number | `${number}%` | 'all';

export const defaultStages: readonly StageSize[] = [1, 10, '10%', 'all'];
/** A redrive stops when more than this share of a stage's jobs is dead again. */
export const defaultStopAbove = 0.1;

/** Which jobs an operation concerns; at least one field. */
export type OperationFilter = Omit<JobFilter, 'schedule'> & {
  /** These and no others, up to `mostIds`. */
  ids?: readonly string[];
};
/** Jobs that can be named one by one. */
export const mostIds = 500;

export interface OperationRequest {
  action: OperationAction;
  filter: OperationFilter;
  /** For a discard: it can't be undone, and jobs that wait for those discarded hear of it at once. Default false. */
  forGood?: boolean;
  /** For a redrive. Default `defaultStages`. */
  stages?: readonly StageSize[];
  /** For a redrive, 0 to 1. Default `defaultStopAbove`. */
  stopAbove?: number;
}

/** What an operation would do. */
export interface OperationPreview {
  /** Jobs that fit. When `capped` it is a lower bound: counting ends at some 10,000 found or 200,000 looked at. */
  matched: number;
  capped: boolean;
  samples: JobSummary[];
}

/**
 * `running` moves jobs, `waiting` waits for those of its stage to end, `stopped` found that failures came back, `undoing`
 * brings discarded jobs back. The others are over.
 */
export const operationStatuses = ['running', 'waiting', 'done', 'stopped', 'aborted', 'undoing', 'undone'] as const;
export type OperationStatus = (typeof operationStatuses)[number];

/** How far a stage is. The outcomes are those of the jobs it watches: all of them, in a last stage of all the rest a sample. */
export interface OperationStage {
  size: StageSize;
  moved: number;
  watched: number;
  succeeded: number;
  cancelled: number;
  /** Dead again, and how many of them with the error that they had before. */
  dead: number;
  sameError: number;
}

export interface Operation {
  id: string;
  action: OperationAction;
  /** A discard that can't be undone. */
  forGood: boolean;
  filter: OperationFilter;
  actor: string;
  status: OperationStatus;
  /** Why it stopped or was aborted. */
  reason: string | null;
  stopAbove: number;
  /** Null until they were counted; `capped` as in a preview, at 100,000. */
  matched: number | null;
  capped: boolean;
  moved: number;
  undone: number;
  /** Position of the present stage, from 0. */
  stage: number;
  stages: OperationStage[];
  createdAt: string;
  finishedAt: string | null;
  /** A discard can be undone until then; null for what can't. */
  undoableUntil: string | null;
}

/** What clients and operators ask of operations. */
export interface MassOperations {
  /** @throws TwolaneError `invalid_operation` */
  preview(request: OperationRequest): Promise<OperationPreview>;
  /** @throws TwolaneError `invalid_operation` */
  start(request: OperationRequest, actor: string): Promise<Operation>;
  get(id: string): Promise<Operation | undefined>;
  /** The newest first; with a tenant those that change its jobs only. */
  list(page: PageRequest & { tenant?: string }): Promise<Page<Operation>>;
  /** Moves no further job. @throws ConflictError `operation_over`, TwolaneError `not_found` */
  abort(id: string, actor: string): Promise<Operation>;
  /** Brings discarded jobs back whose time is not over. @throws ConflictError `not_undoable`, TwolaneError `not_found` */
  undo(id: string, actor: string): Promise<Operation>;
}

/** What follows from one step of an operation. */
export interface OperationStep {
  over: boolean;
  /** Look again after this time, milliseconds. */
  waitMs: number;
  percent: number;
  note: string;
}

/** What the job that makes an operation asks of the ledger. */
export interface OperationRunner {
  /** One page, or one look at the jobs that were moved, in one transaction. Any number of processes may call it. */
  step(id: string): Promise<OperationStep>;
  /** Enqueues the job that goes on, in somebody's transaction. */
  goOn(tx: Queryable, id: string, delayMs: number): Promise<void>;
}
