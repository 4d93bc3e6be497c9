/** How a worker tells the ledger what became of its jobs: patiently while PostgreSQL is away, and together with an effect. */
import {
  FencedError,
  type Json,
  type Outcome,
  OverloadedError,
  type PayloadFiles,
  type TransactionalEffect,
} from '../src/contract/index.ts';
import type { ClaimedJob } from '../src/ledger/claim.ts';
import type { Ledger } from '../src/ledger/ledger.ts';
import type { Session } from '../src/ledger/session.ts';
import { keepResult, successOf } from './steps/keep-result.ts';

const retryMs = 200;

export class Settling {
  readonly #ledger: Ledger;
  readonly #payloads: PayloadFiles;
  readonly #session: Session;

  constructor({ ledger, payloads, session }: { ledger: Ledger; payloads: PayloadFiles; session: Session }) {
    this.#ledger = ledger;
    this.#payloads = payloads;
    this.#session = session;
  }

  /** Tells the ledger, for as long as it takes it to come back; false when the job belongs to somebody else by now. */
  async settle(job: ClaimedJob, outcome: Outcome): Promise<boolean> {
    const session = this.#session.id;
    for (;;) {
      try {
        return await this.#ledger.settle(ended(job, outcome), this.#session.worker);
      } catch (error) {
        if (!(error instanceof OverloadedError)) throw error;
        if (this.#session.id !== session) return false;
        await new Promise((resolve) => setTimeout(resolve, retryMs));
      }
    }
  }

  settleWith(job: ClaimedJob, effect: TransactionalEffect, result: Json | null): Promise<void> {
    return this.settleAllWith([{ job, result }], effect);
  }

  settleAllWith(successes: readonly Success[], effect: TransactionalEffect): Promise<void> {
    const parts = { ledger: this.#ledger, payloads: this.#payloads, worker: this.#session.worker };
    return settleAllWith(parts, successes, effect);
  }
}

export interface Success {
  job: ClaimedJob;
  result: Json | null;
}

/** Commits the effect and the successes together. @throws FencedError when one of the jobs belongs to somebody else by now. */
export async function settleAllWith(
  { ledger, payloads, worker }: { ledger: Ledger; payloads: PayloadFiles; worker: string },
  successes: readonly Success[],
  effect: TransactionalEffect,
): Promise<void> {
  const results = await Promise.all(successes.map(({ result }) => keepResult(result, payloads)));
  const outcomes = successes.map(({ job }, index) => ended(job, successOf(results[index])));
  const { released } = await ledger.transaction(async (tx) => {
    await effect(tx);
    const settlement = await ledger.settleIn(tx, outcomes, worker);
    const lost = outcomes.find(({ id }) => !settlement.settled.has(id));
    if (lost) throw new FencedError(lost.id);
    return settlement;
  });
  if (released.length > 0) ledger.released(released);
}

function ended({ id, fence, type }: ClaimedJob, outcome: Outcome) {
  return { id, fence, type, outcome };
}
