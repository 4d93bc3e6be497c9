/** Handlers that did not stop when they had to: the ledger knows of them until their code has come to its end. */
import type { Logger, Queryable } from '../src/contract/index.ts';
import type { ClaimedJob } from '../src/ledger/claim.ts';

export class Overruns {
  readonly #database: Queryable;
  readonly #logger: Logger;
  /** Told of each: the way to be free of it is a new process. */
  listener: (job: ClaimedJob) => void = () => {};

  constructor({ database, logger }: { database: Queryable; logger: Logger }) {
    this.#database = database;
    this.#logger = logger;
  }

  /**
   * @param end settles when the code of the handler has come to its end after all
   * @param wanted the code goes on for other jobs of its batch: nothing is wrong with that
   */
  note(job: ClaimedJob, end: Promise<unknown>, wanted = false): void {
    const log = this.#logger.child({ jobId: job.id, type: job.type, attempt: job.attempt });
    if (wanted) log.info({}, 'The job has left its batch; the handler goes on with the others');
    else
      log.error(
        {},
        'A handler did not stop when it had to; only a new process is free of it. Isolated types can be killed',
      );
    end
      .catch(() => {})
      .then(() => this.#database.query('select twolane.note_stopped($1, $2)', [job.id, job.fence]))
      .catch((error) => log.warn({ error }, 'It could not be noted that the handler has stopped'));
    if (!wanted) this.listener(job);
  }
}
