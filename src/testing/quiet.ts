/** Lets a test's system run until it is quiet: nothing is due, nothing is under way, and another look changes nothing. */
import { TwolaneError } from '../contract/index.ts';
import type { EmbeddedDatabase } from './embedded-database.ts';
import type { Gate } from './gate.ts';
import type { Runs } from './runs.ts';
import type { VirtualClock } from './virtual-clock.ts';

export interface QuietParts {
  clock: VirtualClock;
  embedded: EmbeddedDatabase;
  runs: Runs;
  /** Of every process of the test. */
  gates(): readonly Gate[];
  /** How long a handler may be at work before the test goes on without it, milliseconds of real time. */
  patienceMs: number;
}

/** Turns of the event loop without anything under way after which nothing more is to come. */
const quietTurns = 4;
/** Looks without a change: the death of a process is told apart from a broken connection by two of them. */
const quietLooks = 2;

export class Quiet {
  readonly #parts: QuietParts;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(parts: QuietParts) {
    this.#parts = parts;
  }

  /** Runs everything that is due now. @throws TwolaneError `still_busy` when a handler does not end */
  drain(): Promise<void> {
    return this.#inTurn(async () => this.#mustBeQuiet(await this.#settle()));
  }

  /** Moves the clock, stopping wherever something becomes due. @throws TwolaneError `still_busy` */
  advance(ms: number): Promise<void> {
    return this.#inTurn(async () => {
      const target = this.#parts.clock.now + ms;
      await this.#settle();
      while (this.#parts.clock.now < target) {
        await this.#moveTo(Math.min(target, await this.#nextStop()));
        const quiet = await this.#settle(true);
        if (this.#parts.clock.now >= target) this.#mustBeQuiet(quiet);
      }
    });
  }

  /** Runs what is due until the fact is there, or the real time is over: the answer says which. */
  async until(fact: () => Promise<boolean>, timeoutMs: number): Promise<boolean> {
    const deadline = performance.now() + timeoutMs;
    for (;;) {
      if (await fact()) return true;
      if (performance.now() > deadline) return false;
      await this.#inTurn(async () => {
        await this.#parts.clock.pass(false);
        await this.#idle(20);
      });
    }
  }

  /** One at a time, in the order of the calls. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#queue.then(work);
    this.#queue = done.catch(() => {});
    return done;
  }

  async #nextStop(): Promise<number> {
    const { clock, embedded } = this.#parts;
    const moments = [clock.nextTimer, await embedded.nextMoment()].filter((at) => at !== undefined);
    return Math.min(...moments, Number.POSITIVE_INFINITY);
  }

  async #moveTo(at: number): Promise<void> {
    const { clock, embedded } = this.#parts;
    clock.moveTo(at);
    await embedded.setTime(clock.now);
  }

  /** False when a handler was still at work after all patience. */
  async #settle(moved = false): Promise<boolean> {
    let thorough = moved;
    let before = await this.#look();
    for (let same = 0; same < quietLooks; ) {
      await this.#parts.clock.pass(thorough || same > 0);
      thorough = false;
      if (!(await this.#idle(this.#parts.patienceMs))) return false;
      const after = await this.#look();
      same = after === before ? same + 1 : 0;
      before = after;
    }
    return true;
  }

  async #look(): Promise<string> {
    return `${this.#parts.runs.started} ${await this.#parts.embedded.fingerprint()}`;
  }

  /** Waits until nothing is under way; false when handlers were at work for longer than the patience. */
  async #idle(patienceMs: number): Promise<boolean> {
    const { runs, gates } = this.#parts;
    const deadline = performance.now() + patienceMs;
    for (let turns = 0; turns < quietTurns; turns += 1) {
      await new Promise((resolve) => setImmediate(resolve));
      if (runs.busy.length > 0) {
        if (performance.now() > deadline) return false;
        // They may wait for a timer or a socket of their own: no need to spin.
        await new Promise((resolve) => setTimeout(resolve, 1));
        turns = 0;
      } else if (gates().some((gate) => gate.underWay > 0)) turns = 0;
    }
    return true;
  }

  #mustBeQuiet(quiet: boolean): void {
    if (quiet) return;
    const types = [...new Set(this.#parts.runs.busy)].join(', ');
    throw new TwolaneError(
      'still_busy',
      `A handler of ${types} was still at work after ${this.#parts.patienceMs} ms of real time. Let it wait with clock.sleep(), end it, or raise patienceMs`,
    );
  }
}
