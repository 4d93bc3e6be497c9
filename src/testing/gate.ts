/** The life of one process of a test: it runs, stands still, or is dead; and the steps at which a test may stop it. */
import type { ProcessClock } from './virtual-clock.ts';

/** What becomes of the process at a step. */
export type Fate = 'goes on' | 'dies' | 'freezes';

/** Thrown where a dead process would go on without waiting for anything. */
export class ProcessDied extends Error {
  constructor(step: string) {
    super(`The test ended this process at "${step}"`);
    this.name = 'ProcessDied';
  }
}

export class Gate {
  /** Asked at every step, with a text that has the ids of the jobs concerned. Default: it goes on. */
  onStep: (step: string, about: string) => Fate = () => 'goes on';
  readonly #clock: ProcessClock;
  readonly died: Promise<void>;
  #dead = false;
  #tellDied = () => {};
  #thawed: Promise<void> | undefined;
  #thaw = () => {};
  #underWay = 0;

  constructor(clock: ProcessClock) {
    this.#clock = clock;
    this.died = new Promise((resolve) => {
      this.#tellDied = resolve;
    });
  }

  get alive(): boolean {
    return !this.#dead && this.#thawed === undefined;
  }

  /** Calls to the database that are under way. */
  get underWay(): number {
    return this.alive ? this.#underWay : 0;
  }

  /** A step of the process's work: where its fate says so, the promise never resolves, or does when it is thawed. */
  async step(name: string, about: string): Promise<void> {
    this.#meet(name, about);
    await this.open();
  }

  /** A step in the midst of code that can't wait. @throws ProcessDied */
  stepNow(name: string, about: string): void {
    this.#meet(name, about);
    if (this.#dead) throw new ProcessDied(name);
  }

  /** Work outside the process, such as a statement. A dead process never learns what came of it. */
  async pass<T>(work: () => Promise<T>): Promise<T> {
    await this.open();
    this.#underWay += 1;
    try {
      return await work();
    } finally {
      this.#underWay -= 1;
      await this.open();
    }
  }

  /** Resolves while the process runs, never once it is dead. */
  async open(): Promise<void> {
    await this.#thawed;
    if (this.#dead) await new Promise<never>(() => {});
  }

  kill(): void {
    if (this.#dead) return;
    this.#dead = true;
    this.#clock.end();
    this.#tellDied();
    this.#thaw();
  }

  freeze(): void {
    if (!this.alive) return;
    this.#clock.stop();
    this.#thawed = new Promise((resolve) => {
      this.#thaw = resolve;
    });
  }

  thaw(): void {
    if (this.#dead || !this.#thawed) return;
    this.#clock.goOn();
    this.#thaw();
    this.#thawed = undefined;
  }

  #meet(name: string, about: string): void {
    if (!this.alive) return;
    const fate = this.onStep(name, about);
    if (fate === 'dies') this.kill();
    if (fate === 'freezes') this.freeze();
  }
}
