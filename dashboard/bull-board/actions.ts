/** What bull-board may change: the same changes as everywhere, by the operator who asked, with their line in the audit. */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { BeforeHook } from '@bull-board/api/typings/app';
import { isFinal, type JobState } from '../../src/contract/state.ts';
import { type LaneName, queuePath } from '../../src/contract/words.ts';
import { audited } from '../../src/http/audit.ts';
import { problemOf } from '../../src/http/problem.ts';
import type { DashboardDeps } from '../deps.ts';

/** Patterns of bull-board's own route table; whatever else it offers, the server refuses. */
const allowed: ReadonlySet<string> = new Set([
  'put /api/queues/:queueName/:jobId/retry',
  'put /api/queues/:queueName/:jobId/promote',
  'put /api/queues/:queueName/:jobId/clean',
  'put /api/queues/:queueName/pause',
  'put /api/queues/:queueName/resume',
]);

/** Changes of many jobs belong to operations, which say first how many those are. */
export const onlyAllowed: BeforeHook = ({ method, route }) =>
  method === 'get' || allowed.has(`${method} ${route}`)
    ? { allow: true }
    : { allow: false, status: 405, errorKey: 'ERRORS.QUEUE_READ_ONLY' };

export class BoardActions {
  readonly #deps: DashboardDeps;
  readonly #actor = new AsyncLocalStorage<string>();

  constructor(deps: DashboardDeps) {
    this.#deps = deps;
  }

  /** Everything that `work` causes is done in the name of this operator: bull-board hands no request on. */
  as(actor: string, work: () => void): void {
    this.#actor.run(actor, work);
  }

  /** A dead job goes back, a scheduled one runs now. */
  retry = (id: string): Promise<void> => this.#do('retry', id, () => this.#deps.operations.retry(id));

  /** bull-board's word is remove: a dead job is given up, a live one cancelled; what has ended stays in the history. */
  remove(id: string, state: JobState): Promise<void> {
    const { operations } = this.#deps;
    if (isFinal(state)) return this.#do('discard', id, () => operations.discard(id));
    return this.#do('cancel', id, () => operations.cancel(id, `by operator ${this.#actor.getStore()}`));
  }

  switch(action: 'pause' | 'resume', lane: LaneName, queue: string): Promise<void> {
    const target = queuePath(lane, queue);
    return this.#do(action, target, () => this.#deps.operations[action](target));
  }

  async #do(action: string, target: string, work: () => Promise<unknown>): Promise<void> {
    const actor = this.#actor.getStore() ?? 'unknown';
    try {
      await audited(this.#deps, { actor, action, target }, work);
    } catch (error) {
      // The board answers what an error says of itself, else 500.
      const { status, detail } = problemOf(error);
      throw Object.assign(new Error(detail, { cause: error }), { statusCode: status });
    }
  }
}
