/**
 * Back-pressure: refuses new jobs of a queue in trouble, from verdicts that are read once a second and only while somebody
 * enqueues. No enqueue waits for them.
 */
import { BackPressureError, type Logger, type QueuePath, type RefusalCode } from '../contract/index.ts';

export interface BackPressureOptions {
  /** The queues that take no more jobs for now. */
  read(): Promise<readonly { queue: QueuePath; code: RefusalCode; retryAfterS: number }[]>;
  logger: Logger;
}

const freshMs = 1_000;
/** Older verdicts count for nothing: whoever was idle asks first and refuses later. */
const staleMs = 5_000;

const reasons: Readonly<Record<RefusalCode, string>> = {
  queue_overloaded: 'its oldest job waits longer than it may',
  ledger_full: 'the ledger is nearly full',
};

export class BackPressure {
  readonly #options: BackPressureOptions;
  #refusals = new Map<QueuePath, { code: RefusalCode; retryAfterS: number }>();
  #readAt = Number.NEGATIVE_INFINITY;
  #askedAt = Number.NEGATIVE_INFINITY;

  constructor(options: BackPressureOptions) {
    this.#options = options;
  }

  /** @throws BackPressureError when the queue takes no more jobs for now. */
  admit(queue: QueuePath): void {
    const now = performance.now();
    if (now - this.#askedAt > freshMs) this.#refresh(now);
    if (this.#refusals.size === 0 || now - this.#readAt > staleMs) return;
    const refusal = this.#refusals.get(queue);
    if (!refusal) return;
    const message = `Queue ${queue} takes no more jobs for now, since ${reasons[refusal.code]}; nothing was written`;
    throw new BackPressureError(refusal.code, message, refusal.retryAfterS);
  }

  #refresh(now: number): void {
    this.#askedAt = now;
    this.#options.read().then(
      (refusals) => {
        this.#refusals = new Map(refusals.map((refusal) => [refusal.queue, refusal]));
        this.#readAt = now;
      },
      (error) => this.#options.logger.debug({ error }, 'The state of the queues could not be read'),
    );
  }
}
