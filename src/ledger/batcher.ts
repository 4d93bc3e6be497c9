/**
 * Micro-batching: calls made while a batch is under way form the next one. An idle batcher adds no delay, a busy one
 * makes one round trip for hundreds of calls.
 */
import { OverloadedError } from '../contract/index.ts';

export interface BatcherOptions<In, Out> {
  /** For messages: "enqueue". */
  name: string;
  /** Runs one batch; answers in the order of the items. */
  run(items: In[]): Promise<Out[]>;
  /** Default 500. */
  maxBatch?: number;
  /** Calls that may wait; beyond it they are refused at once. Default 20,000. */
  maxWaiting?: number;
  /** Batches that may be under way at once. Default 1. */
  parallel?: number;
  /**
   * A batch leaves beside others only when so many calls wait: it gains by waiting for the disk at the same time, and small
   * ones cost more than they gain. Default 1.
   */
  besideFrom?: number;
  /** True: a failed batch is halved until the one bad item fails alone. */
  bisect?(error: unknown): boolean;
}

interface Waiting<In, Out> {
  item: In;
  resolve(out: Out): void;
  reject(error: unknown): void;
}

export class Batcher<In, Out> {
  readonly #options: Required<Omit<BatcherOptions<In, Out>, 'bisect'>> & Pick<BatcherOptions<In, Out>, 'bisect'>;
  #waiting: Waiting<In, Out>[] = [];
  #underWay = 0;
  #idle: (() => void)[] = [];

  constructor(options: BatcherOptions<In, Out>) {
    this.#options = { maxBatch: 500, maxWaiting: 20_000, parallel: 1, besideFrom: 1, ...options };
  }

  /** @throws OverloadedError when too many calls wait, and whatever `run` throws for this item. */
  add(item: In): Promise<Out> {
    if (this.#waiting.length >= this.#options.maxWaiting) {
      return Promise.reject(
        new OverloadedError(`Too many calls wait for ${this.#options.name}; try again in a second`),
      );
    }
    return new Promise<Out>((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject });
      // Leaving in a microtask lets everything that was called in this turn travel together.
      if (this.#waiting.length === 1 || this.#waiting.length === this.#options.besideFrom)
        queueMicrotask(() => this.#leave());
    });
  }

  /** Resolves when nothing waits and nothing is under way. */
  async drain(): Promise<void> {
    if (this.#underWay === 0 && this.#waiting.length === 0) return;
    await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  #leave(): void {
    while (this.#mayLeave()) {
      const batch = this.#waiting.splice(0, this.#options.maxBatch);
      this.#underWay += 1;
      void this.#run(batch).finally(() => {
        this.#underWay -= 1;
        this.#leave();
        if (this.#underWay === 0 && this.#waiting.length === 0) for (const wake of this.#idle.splice(0)) wake();
      });
    }
  }

  #mayLeave(): boolean {
    const { parallel, besideFrom } = this.#options;
    return this.#underWay < parallel && this.#waiting.length >= (this.#underWay === 0 ? 1 : besideFrom);
  }

  async #run(batch: Waiting<In, Out>[]): Promise<void> {
    try {
      const outs = await this.#options.run(batch.map((call) => call.item));
      for (const [index, call] of batch.entries()) call.resolve(outs[index] as Out);
    } catch (error) {
      if (batch.length === 1 || !this.#options.bisect?.(error)) {
        for (const call of batch) call.reject(error);
        return;
      }
      const middle = batch.length >> 1;
      await this.#run(batch.slice(0, middle));
      await this.#run(batch.slice(middle));
    }
  }
}
