/** Claims in a worker: for its free slots only, many jobs in one statement, and one statement at a time. */
import type { Logger } from '../src/contract/index.ts';
import type { ClaimedJob } from '../src/ledger/claim.ts';
import type { Ledger } from '../src/ledger/ledger.ts';
import type { Canary } from './canary.ts';
import type { Deliveries, Taken } from './deliveries.ts';
import type { Offers } from './offers.ts';

export interface ClaimsOptions {
  ledger: Ledger;
  deliveries: Deliveries;
  canary: Canary;
  offers: Offers;
  /** The session to claim with; undefined while this process has none. */
  session(): number | undefined;
  /** The answer to what was taken: the jobs to run, and the slots of all others are free again. */
  onClaimed(taken: readonly Taken[], claimed: readonly ClaimedJob[]): void;
  logger: Logger;
}

const retryMs = 300;

export class Claims {
  readonly #options: ClaimsOptions;
  #underWay: Promise<void> | undefined;
  #stopped = false;

  constructor(options: ClaimsOptions) {
    this.#options = options;
  }

  /** Claims one turn later: what arrives in this turn is claimed in the same statement. */
  soon(): void {
    if (this.#underWay || this.#stopped) return;
    this.#underWay = new Promise<void>((resolve) => setImmediate(resolve))
      .then(() => this.#claim())
      .catch(async (error) => {
        this.#options.logger.warn({ error }, 'Jobs could not be claimed; trying again');
        await new Promise((resolve) => setTimeout(resolve, retryMs));
        return true;
      })
      .then((again) => {
        this.#underWay = undefined;
        if (again) this.soon();
      });
  }

  /** No claim begins from now on. */
  stop(): void {
    this.#stopped = true;
  }

  /** Resolves when the claim that is under way has its answer. */
  async settled(): Promise<void> {
    await this.#underWay;
  }

  /** True when there may be more to claim at once. */
  async #claim(): Promise<boolean> {
    const { ledger, deliveries, canary, offers, onClaimed } = this.#options;
    const session = this.#options.session();
    if (session === undefined) throw new Error('This process has no session yet');
    const taken = deliveries.take();
    const probes = canary.take();
    if (taken.length === 0 && probes.length === 0) return false;
    let claimed: ClaimedJob[];
    try {
      canary.claiming();
      const ids = await offers.sortOut(taken);
      for (const { delivery } of probes) ids.push(delivery.envelope.id);
      claimed = ids.length > 0 ? await ledger.claim(session, ids, deliveries.alone) : [];
    } catch (error) {
      deliveries.putBack(taken);
      canary.failed(probes, error);
      throw error;
    }
    canary.claimed(probes);
    onClaimed(taken, claimed);
    return true;
  }
}
