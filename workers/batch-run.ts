/**
 * One call of a batch handler. To each of its jobs it looks like a handler of that job alone: the job joins, and is told how
 * it ended when the call is over. So payload checks, time limits, cancel and outcomes are those of any other job.
 */
import {
  type AnyHandler,
  type BatchContext,
  type BatchHandler,
  type BatchItem,
  FencedError,
  type Json,
  type TransactionalEffect,
} from '../src/contract/index.ts';
import type { ClaimedJob } from '../src/ledger/claim.ts';
import type { ExecuteParts } from './execute.ts';
import type { Success } from './settling.ts';

export interface BatchRunParts {
  handler: AnyHandler | undefined;
  jobs: readonly ClaimedJob[];
  /** Runs the effect and all successes in one transaction; throws FencedError when a fence is old. */
  settleAllWith(successes: readonly Success[], effect: TransactionalEffect): Promise<void>;
}

interface Joined extends BatchItem {
  end(ended: { value?: unknown } | { error: unknown }): void;
}

export class BatchRun implements BatchContext {
  readonly #parts: BatchRunParts;
  readonly #missing: Set<string>;
  readonly #joined: Joined[] = [];
  readonly #failed = new Map<BatchItem, unknown>();
  readonly #settled = new Set<string>();
  /** Jobs whose outcome is not decided, and those of them that were given up: their time was over. */
  readonly #open: Set<string>;
  readonly #givenUp = new Set<string>();
  #abort: AbortController | undefined;

  constructor(parts: BatchRunParts) {
    this.#parts = parts;
    this.#missing = new Set(parts.jobs.map((job) => job.id));
    this.#open = new Set(this.#missing);
  }

  /** What the jobs of this batch are executed with. */
  partsFor(parts: ExecuteParts, type: string): ExecuteParts {
    return {
      ...parts,
      handlers: { [type]: (payload: unknown, context: BatchItem['context']) => this.#join(payload, context) },
      // It was told to the ledger with the effect of the whole batch.
      settle: async (job, outcome) => this.#settled.has(job.id) || parts.settle(job, outcome),
      overrun: (job, end) => {
        this.#givenUp.add(job.id);
        parts.overrun(job, end, this.#givenUp.size < this.#open.size);
      },
    };
  }

  /** A job is over. One that never joined, as its payload does not fit, must not keep the others waiting. */
  left(id: string): void {
    this.#open.delete(id);
    this.#givenUp.delete(id);
    if (this.#missing.delete(id)) this.#beginWhenComplete();
  }

  get signal(): AbortSignal {
    if (this.#abort) return this.#abort.signal;
    const abort = new AbortController();
    const signals = this.#joined.map((item) => item.context.signal);
    const look = () => {
      if (signals.every((signal) => signal.aborted)) abort.abort(signals[0]?.reason);
    };
    for (const signal of signals) signal.addEventListener('abort', look, { once: true });
    look();
    this.#abort = abort;
    return abort.signal;
  }

  fail(item: BatchItem, error: unknown): void {
    this.#failed.set(item, error ?? new Error('The item failed without an error'));
  }

  async settle(effect: TransactionalEffect, results?: readonly unknown[]): Promise<void> {
    const byId = new Map(this.#parts.jobs.map((job) => [job.id, job]));
    const successes: Success[] = this.#joined.flatMap((item, index) => {
      const job = byId.get(item.context.id);
      const told = this.#failed.has(item) || this.#settled.has(item.context.id);
      return job && !told ? [{ job, result: (results?.[index] ?? null) as Json | null }] : [];
    });
    const [first] = successes;
    if (!first) throw new FencedError(this.#parts.jobs[0]?.id ?? '');
    await this.#parts.settleAllWith(successes, effect);
    for (const { job } of successes) this.#settled.add(job.id);
  }

  #join(payload: unknown, context: BatchItem['context']): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const end: Joined['end'] = (ended) => ('error' in ended ? reject(ended.error) : resolve(ended.value));
      this.#joined.push({ payload, context, end });
      this.#missing.delete(context.id);
      this.#beginWhenComplete();
    });
  }

  #beginWhenComplete(): void {
    if (this.#missing.size > 0 || this.#joined.length === 0) return;
    const handler = this.#parts.handler as BatchHandler | undefined;
    const call = async () => {
      if (!handler) throw new TypeError('There is no handler for this job type here');
      return handler(this.#joined, this);
    };
    void call().then(
      (results) => this.#end(results ?? undefined),
      (error) => this.#endAll(error ?? new Error('The handler threw nothing')),
    );
  }

  /** All items end in the same turn, so that their outcomes travel to the ledger together. */
  #end(results: readonly unknown[] | undefined): void {
    if (results && results.length !== this.#joined.length) {
      const why = `The batch handler returned ${results.length} results for ${this.#joined.length} items`;
      this.#endAll(new TypeError(why));
      return;
    }
    this.#joined.forEach((item, index) => {
      item.end(this.#failed.has(item) ? { error: this.#failed.get(item) } : { value: results?.[index] });
    });
  }

  #endAll(error: unknown): void {
    for (const item of this.#joined) {
      item.end(this.#settled.has(item.context.id) ? {} : { error: this.#failed.get(item) ?? error });
    }
  }
}
