/** A job of the ledger as bull-board wants to see it, with the changes that the board may make. */
import type { JobState as BoardState, QueueJob, QueueJobJson } from '@bull-board/api/typings/app';
import { TwolaneError } from '../../src/contract/errors.ts';
import type { Attempt, JobDetail } from '../../src/contract/job-view.ts';
import type { BoardActions } from './actions.ts';
import { boardStatusOf } from './states.ts';

/** Whoever wants to change more than the board may follows the link to our own page. */
export function refuse(): never {
  throw new TwolaneError('read_only', 'This board can not do that; use the operator pages');
}

export class LedgerJob implements QueueJob {
  // bull-board reads `id` at run time although its interface does not list it.
  readonly id: string;
  readonly opts: { delay?: number };
  readonly #job: JobDetail;

  readonly #actions: BoardActions;

  constructor(job: JobDetail, actions: BoardActions) {
    this.id = job.id;
    this.opts = { delay: delayOf(job) };
    this.#job = job;
    this.#actions = actions;
  }

  async getState(): Promise<BoardState> {
    return boardStatusOf(this.#job.state);
  }

  toJSON(): QueueJobJson {
    const job = this.#job;
    // Anything in these two makes bull-board paint the job red, also after a later attempt went well.
    const failed = job.state === 'dead';
    return {
      id: job.id,
      name: job.type,
      progress: job.progress?.percent ?? 0,
      attemptsMade: job.attempt,
      timestamp: Date.parse(job.enqueuedAt),
      processedOn: milliseconds(job.startedAt),
      finishedOn: milliseconds(job.finishedAt),
      processedBy: job.worker,
      delay: this.opts.delay,
      failedReason: failed ? (job.error?.message ?? job.reason ?? 'dead') : '',
      stacktrace: failed ? job.attempts.map(traceOf).filter((trace) => trace !== '') : [],
      data: job.payload,
      returnvalue: job.result,
      opts: { attempts: job.maxAttempts, priority: job.priority, key: job.key, tenant: job.tenant, state: job.state },
    };
  }

  retry = (): Promise<void> => this.#actions.retry(this.id);
  remove = (): Promise<void> => this.#actions.remove(this.id, this.#job.state);
  promote = (): Promise<void> => this.#actions.retry(this.id);
  updateData = async (): Promise<void> => refuse();
}

function traceOf({ attempt, error }: Attempt): string {
  return error ? `Attempt ${attempt}: ${error.stack ?? `${error.name}: ${error.message}`}` : '';
}

function delayOf({ state, runAt }: JobDetail): number | undefined {
  return state === 'scheduled' && runAt ? Math.max(0, Date.parse(runAt) - Date.now()) : undefined;
}

function milliseconds(time: string | null): number | undefined {
  return time === null ? undefined : Date.parse(time);
}
