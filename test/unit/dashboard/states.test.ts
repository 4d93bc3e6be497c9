/** Our states in bull-board's words. */
import { describe, expect, test } from 'vitest';
import { BoardActions } from '../../../dashboard/bull-board/actions.ts';
import { LedgerAdapter } from '../../../dashboard/bull-board/ledger-adapter.ts';
import { LedgerJob } from '../../../dashboard/bull-board/ledger-job.ts';
import { BoardReader } from '../../../dashboard/bull-board/reader.ts';
import { boardStatuses, boardStatusOf, statesOf } from '../../../dashboard/bull-board/states.ts';
import type { DashboardDeps } from '../../../dashboard/deps.ts';
import type { JobDetail } from '../../../src/contract/job-view.ts';
import type { Operations } from '../../../src/contract/operations.ts';
import { isFinal, jobStates } from '../../../src/contract/state.ts';

const actions = new BoardActions({ readOnly: false } as DashboardDeps);

describe('states on the board', () => {
  test('every state has exactly one tab, and only a cancelled job has none of its own', () => {
    const shown = boardStatuses.flatMap((status) => [...statesOf[status]] as string[]);
    expect(new Set(shown).size).toBe(shown.length);
    expect(jobStates.filter((state) => !shown.includes(state))).toEqual(['cancelled']);
  });

  test('what is over for us is over there', () => {
    for (const state of jobStates) {
      expect(['completed', 'failed'].includes(boardStatusOf(state))).toBe(isFinal(state));
    }
  });

  test('an adapter offers the tabs with `latest` first', () => {
    const adapter = new LedgerAdapter('realtime', 'feed', {
      reader: new BoardReader({} as Operations),
      actions,
      jobUrl: (id) => `/ops/jobs/${id}`,
    });
    expect(adapter.getStatuses()).toEqual(['latest', ...boardStatuses]);
    expect(adapter.getName()).toBe('realtime.feed');
  });

  test.each(['post', 'put', 'patch'] as const)('the server refuses a %s that changes many jobs', (method) => {
    const context = { method, route: '/api/queues/:queueName/retry/:queueStatus', request: {} as never };
    expect(actions.allow(context)).toMatchObject({ allow: false, status: 405 });
  });
});

const error = { name: 'Error', message: 'no index', stack: 'Error: no index\n    at probe' };
const job: JobDetail = {
  id: '7',
  type: 'process-video',
  lane: 'bulk',
  queue: 'video',
  state: 'dead',
  reason: null,
  priority: 'normal',
  key: null,
  tenant: null,
  owner: null,
  attempt: 1,
  maxAttempts: 5,
  enqueuedAt: '2026-01-01T00:00:00.000Z',
  runAt: null,
  startedAt: '2026-01-01T00:00:01.000Z',
  finishedAt: null,
  worker: 'w',
  error,
  version: 1,
  payload: { mediaId: '1' },
  payloadFile: null,
  result: null,
  resultFile: null,
  metadata: null,
  attempts: [
    {
      attempt: 1,
      worker: 'w',
      startedAt: '2026-01-01T00:00:01.000Z',
      finishedAt: null,
      outcome: 'failed',
      cancelRequestedAt: null,
      stoppedAt: null,
      error,
    },
  ],
  progress: null,
  timeoutMs: 1_000,
  expiresAt: null,
  traceId: null,
  parentId: null,
  childIds: [],
  waitsFor: [],
  flowId: null,
  restorableUntil: null,
};

describe('a job on the board', () => {
  test('a dead one shows its error and the stack of every attempt', () => {
    const shown = new LedgerJob(job, actions).toJSON();
    expect(shown.failedReason).toBe('no index');
    expect(shown.stacktrace).toEqual(['Attempt 1: Error: no index\n    at probe']);
  });

  test('one that succeeded in a later attempt is not painted red', () => {
    const shown = new LedgerJob({ ...job, state: 'succeeded' }, actions).toJSON();
    expect(shown).toMatchObject({ failedReason: '', stacktrace: [] });
  });

  test('its payload can not be changed through it', async () => {
    await expect(new LedgerJob(job, actions).updateData()).rejects.toMatchObject({ code: 'read_only' });
  });
});
