/** The jobs that run in this process now: how they are told to stop, and how their end is awaited. */
import { hrtime } from 'node:process';
import type { AbortError } from '../src/contract/index.ts';
import type { Stop } from './steps/limits.ts';

interface RunningJob {
  stop: Stop;
  done: Promise<unknown>;
}

export class Running {
  readonly #jobs = new Map<string, RunningJob>();

  get size(): number {
    return this.#jobs.size;
  }

  add(id: string, job: RunningJob): void {
    this.#jobs.set(id, job);
  }

  delete(id: string): void {
    this.#jobs.delete(id);
  }

  /** Tells jobs to stop; those that are not here are passed over. */
  abort(ids: readonly string[], reason: AbortError): void {
    for (const id of ids) this.#jobs.get(id)?.stop.abort(reason);
  }

  abortAll(reason: AbortError): void {
    this.abort([...this.#jobs.keys()], reason);
  }

  /** Resolves when nothing runs any more, or after the time is up. */
  async finished(withinMs: number): Promise<void> {
    const until = hrtime.bigint() + BigInt(withinMs) * 1_000_000n;
    while (this.#jobs.size > 0 && hrtime.bigint() < until) {
      const left = Number((until - hrtime.bigint()) / 1_000_000n);
      const timer = new Promise((resolve) => setTimeout(resolve, Math.max(1, left)).unref());
      await Promise.race([Promise.all([...this.#jobs.values()].map((one) => one.done)), timer]);
    }
  }
}
