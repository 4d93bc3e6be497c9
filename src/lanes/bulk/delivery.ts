/** A BullMQ job in the hands of this process: its processor's promise ends with the ack or the release. */
import { WaitingError } from 'bullmq';
import type { PackMessage } from '../../contract/pack.ts';
import type { BulkJob } from './queues.ts';

export class BullMessage implements PackMessage {
  /** What the processor returns; BullMQ completes the job when it resolves. */
  readonly settled: Promise<undefined>;
  readonly redelivered: boolean;
  readonly #job: BulkJob;
  readonly #token: string | undefined;
  #resolve!: (nothing: undefined) => void;
  #reject!: (reason: Error) => void;
  #open = true;

  constructor(job: BulkJob, token: string | undefined) {
    this.#job = job;
    this.redelivered = job.attemptsStarted > 1;
    this.#token = token;
    this.settled = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  ack(): void {
    this.#open = false;
    this.#resolve(undefined);
  }

  /** First in line again. The error is how BullMQ wants to be told that the job is no longer active here. */
  release(): void {
    if (!this.#open) return;
    this.#open = false;
    const leave = () => this.#reject(new WaitingError());
    // A lock that is gone means that the job is on its way to another worker already.
    this.#job.moveToWait(this.#token).then(leave, leave);
  }
}
