/** The envelopes of one publish and what became of each; one promise for all of them. */
import type { Envelope } from '../../contract/envelope.ts';
import type { Publication } from '../../contract/lane.ts';

export class Batch {
  readonly result: Promise<Publication>;
  readonly #envelopes: readonly Envelope[];
  readonly #settled: Uint8Array;
  readonly #unconfirmed: string[] = [];
  #open: number;
  #resolve!: (publication: Publication) => void;

  constructor(envelopes: readonly Envelope[]) {
    this.#envelopes = envelopes;
    this.#settled = new Uint8Array(envelopes.length);
    this.#open = envelopes.length;
    this.result = new Promise((resolve) => {
      this.#resolve = resolve;
    });
    if (this.#open === 0) this.#resolve({ confirmed: 0, unconfirmed: [] });
  }

  get finished(): boolean {
    return this.#open === 0;
  }

  /** Notes the outcome of the envelope at `index`; the first one counts, a late confirm changes nothing. */
  settle(index: number, confirmed: boolean): void {
    if (this.#settled[index]) return;
    this.#settled[index] = 1;
    if (!confirmed) this.#unconfirmed.push((this.#envelopes[index] as Envelope).id);
    if (--this.#open === 0) {
      const confirmedCount = this.#envelopes.length - this.#unconfirmed.length;
      this.#resolve({ confirmed: confirmedCount, unconfirmed: this.#unconfirmed });
    }
  }

  /** Everything that is still open counts as unconfirmed. */
  giveUp(): void {
    for (let index = 0; index < this.#envelopes.length; index++) this.settle(index, false);
  }
}

/** The answer when nothing was sent at all. */
export function noneOf(envelopes: readonly Envelope[]): Publication {
  return { confirmed: 0, unconfirmed: envelopes.map((envelope) => envelope.id) };
}
