/** The packs of one publish and what became of each; one promise for all of them. */
import type { Envelope } from '../../contract/envelope.ts';
import type { Publication } from '../../contract/lane.ts';

export class Batch {
  readonly result: Promise<Publication>;
  readonly #packs: readonly Envelope[][];
  readonly #settled: Uint8Array;
  #confirmed = 0;
  readonly #unconfirmed: string[] = [];
  #open: number;
  #resolve!: (publication: Publication) => void;

  constructor(packs: readonly Envelope[][]) {
    this.#packs = packs;
    this.#settled = new Uint8Array(packs.length);
    this.#open = packs.length;
    this.result = new Promise((resolve) => {
      this.#resolve = resolve;
    });
    if (this.#open === 0) this.#resolve({ confirmed: 0, unconfirmed: [] });
  }

  get finished(): boolean {
    return this.#open === 0;
  }

  /** Notes the outcome of the pack at `index`; the first one counts, a late confirm changes nothing. */
  settle(index: number, confirmed: boolean): void {
    if (this.#settled[index]) return;
    this.#settled[index] = 1;
    const pack = this.#packs[index] as Envelope[];
    if (confirmed) this.#confirmed += pack.length;
    else this.#unconfirmed.push(...pack.map(({ id }) => id));
    if (--this.#open === 0) this.#resolve({ confirmed: this.#confirmed, unconfirmed: this.#unconfirmed });
  }

  /** Everything that is still open counts as unconfirmed. */
  giveUp(): void {
    for (let index = 0; index < this.#packs.length; index++) this.settle(index, false);
  }
}

/** The answer when nothing was sent at all. */
export function noneOf(packs: readonly Envelope[][]): Publication {
  return { confirmed: 0, unconfirmed: packs.flat().map((envelope) => envelope.id) };
}
