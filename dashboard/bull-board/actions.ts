/** What bull-board may change: the same changes as everywhere, by the operator who asked, with their line in the audit. */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { BeforeHook } from '@bull-board/api/typings/app';
import { type Permission, steering } from '../../src/contract/permissions.ts';
import { isFinal, type JobState } from '../../src/contract/state.ts';
import { type LaneName, queuePath } from '../../src/contract/words.ts';
import { audited } from '../../src/http/audit.ts';
import type { OperatorIdentity } from '../../src/http/auth/operator-sessions.ts';
import { problemOf } from '../../src/http/problem.ts';
import type { DashboardDeps } from '../deps.ts';

/**
 * Patterns of bull-board's own route table with the permission that each needs; whatever else it offers, the server refuses:
 * changes of many jobs belong to operations, which say first how many those are.
 */
const allowed: Readonly<Record<string, Permission>> = {
  'put /api/queues/:queueName/:jobId/retry': 'jobs:operate',
  'put /api/queues/:queueName/:jobId/promote': 'jobs:operate',
  'put /api/queues/:queueName/:jobId/clean': 'jobs:operate',
  'put /api/queues/:queueName/pause': 'queues:operate',
  'put /api/queues/:queueName/resume': 'queues:operate',
};

export class BoardActions {
  readonly #deps: DashboardDeps;
  readonly #operator = new AsyncLocalStorage<OperatorIdentity>();

  constructor(deps: DashboardDeps) {
    this.#deps = deps;
  }

  /** Everything that `work` causes is done in the name of this operator: bull-board hands no request on. */
  as(operator: OperatorIdentity, work: () => void): void {
    this.#operator.run(operator, work);
  }

  /** Whether the operator may do what bull-board is asked for. */
  allow: BeforeHook = ({ method, route }) => {
    const needed = method === 'get' ? 'jobs:read' : allowed[`${method} ${route}`];
    if (!needed) return { allow: false, status: 405, errorKey: 'ERRORS.QUEUE_READ_ONLY' };
    if (this.may(needed)) return { allow: true };
    return { allow: false, status: 403, errorKey: 'ERRORS.QUEUE_READ_ONLY' };
  };

  may(permission: Permission): boolean {
    const { permissions = [] } = this.#operator.getStore() ?? {};
    return permissions.includes(permission) && !(this.#deps.readOnly && steering.includes(permission));
  }

  /** A dead job goes back, a scheduled one runs now. */
  retry = (id: string): Promise<void> => this.#do('retry', id, () => this.#deps.operations.retry(id));

  /** bull-board's word is remove: a dead job is given up, a live one cancelled; what has ended stays in the history. */
  remove(id: string, state: JobState): Promise<void> {
    const { operations } = this.#deps;
    if (isFinal(state)) return this.#do('discard', id, () => operations.discard(id));
    return this.#do('cancel', id, () => operations.cancel(id, `by operator ${this.#name}`));
  }

  switch(action: 'pause' | 'resume', lane: LaneName, queue: string): Promise<void> {
    const target = queuePath(lane, queue);
    return this.#do(action, target, () => this.#deps.operations[action](target));
  }

  get #name(): string {
    return this.#operator.getStore()?.name ?? 'unknown';
  }

  async #do(action: string, target: string, work: () => Promise<unknown>): Promise<void> {
    const actor = this.#name;
    try {
      await audited(this.#deps, { actor, action, target }, work);
    } catch (error) {
      // The board answers what an error says of itself, else 500.
      const { status, detail } = problemOf(error);
      throw Object.assign(new Error(detail, { cause: error }), { statusCode: status });
    }
  }
}
