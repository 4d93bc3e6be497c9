/** A job of the ledger as bull-board wants to see it: read-only. */
import type { JobState as BoardState, QueueJob, QueueJobJson } from '@bull-board/api/typings/app';
import { TwolaneError } from '../../src/contract/errors.ts';
import type { Attempt, JobDetail } from '../../src/contract/job-view.ts';
import { boardStatusOf } from './states.ts';

/** The board shows; whoever wants to change something follows the link to our own page, where the audit sees it. */
export function refuse(): never {
  throw new TwolaneError('read_only', 'This board is read-only; use the operator pages');
}

export class LedgerJob implements QueueJob {
  // bull-board reads `id` at run time although its interface does not list it.
  readonly id: string;
  readonly opts: { delay?: number };
  readonly #job: JobDetail;

  constructor(job: JobDetail) {
    this.id = job.id;
    this.opts = { delay: delayOf(job) };
    this.#job = job;
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

  retry = async (): Promise<void> => refuse();
  remove = async (): Promise<void> => refuse();
  promote = async (): Promise<void> => refuse();
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
