/** Our states in bull-board's words. It has no word for a cancelled job: those are found on our own pages only. */
import type { JobStatus } from '@bull-board/api/typings/app';
import type { JobState } from '../../src/contract/state.ts';

/** Which of our states a tab of bull-board shows. */
export const statesOf = {
  active: ['running'],
  waiting: ['waiting', 'queued'],
  'waiting-children': ['blocked'],
  delayed: ['scheduled'],
  failed: ['dead'],
  completed: ['succeeded'],
} as const satisfies Partial<Record<JobStatus, readonly JobState[]>>;

export type BoardStatus = keyof typeof statesOf;
export const boardStatuses = Object.keys(statesOf) as BoardStatus[];

/** Where bull-board shows a job; `completed` for a cancelled one, which is over too. */
export function boardStatusOf(state: JobState): BoardStatus {
  const found = boardStatuses.find((status) => (statesOf[status] as readonly JobState[]).includes(state));
  return found ?? 'completed';
}
