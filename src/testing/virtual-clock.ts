/**
 * A clock that stands still until it is moved. One-off timers go off at their moment; what is repeated runs at each stop
 * of the clock and not once for every time that its pause would fit in between, so that a day costs no more than its events.
 */
import type { Clock, Repetition } from '../contract/index.ts';

interface Timer {
  at: number;
  run(): void;
}

interface Step {
  run(): Promise<number>;
  /** What it answered last. */
  pauseMs: number;
  dueAt: number;
  underWay: Promise<void> | undefined;
}

/** Steps that pause no longer than `quick` run in every pass, those up to `slow` in thorough ones, others when they are due. Milliseconds. */
const quick = 500;
const slow = 1_000;

export class VirtualClock {
  #now: number;
  #passes = 0;
  readonly #timers = new Set<Timer>();
  readonly #gathered = new Set<() => void>();
  readonly #steps = new Map<Step, ProcessClock>();

  /** @param now milliseconds since 1970 */
  constructor(now: number) {
    this.#now = now;
  }

  get now(): number {
    return this.#now;
  }

  /** Rises with every pass, so that what is paced by it takes its turn in each of them. */
  get ticks(): number {
    return this.#passes * 1_000;
  }

  /** When the next timer goes off; undefined while there is none. */
  get nextTimer(): number | undefined {
    const at = Math.min(...[...this.#timers].map((timer) => timer.at));
    return Number.isFinite(at) ? at : undefined;
  }

  moveTo(at: number): void {
    this.#now = Math.max(this.#now, at);
  }

  /**
   * Lets timers that are due go off, then runs the steps: the rare ones first, as others build on what they keep.
   * @param thorough also what happens only once in a while
   */
  async pass(thorough: boolean): Promise<void> {
    this.#passes += 1;
    for (const timer of [...this.#timers].filter(({ at }) => at <= this.#now).sort((a, b) => a.at - b.at)) {
      if (this.#timers.delete(timer)) timer.run();
    }
    const steps = [...this.#steps].sort(([one], [other]) => other.pauseMs - one.pauseMs);
    for (const [step, owner] of steps) {
      if (owner.stopped || !this.#isWanted(step, thorough)) continue;
      await Promise.race([this.#run(step), owner.whenStopped]);
    }
    for (const run of [...this.#gathered]) if (this.#gathered.delete(run)) run();
  }

  #isWanted({ pauseMs, dueAt }: Step, thorough: boolean): boolean {
    return pauseMs <= quick || (thorough && (pauseMs <= slow || dueAt <= this.#now));
  }

  #run(step: Step): Promise<void> {
    step.underWay ??= step.run().then((pauseMs) => {
      Object.assign(step, { pauseMs, dueAt: this.#now + pauseMs, underWay: undefined });
    });
    return step.underWay;
  }

  addTimer(ms: number, run: () => void): () => void {
    const timer: Timer = { at: this.#now + ms, run };
    this.#timers.add(timer);
    return () => void this.#timers.delete(timer);
  }

  gather(run: () => void): () => void {
    this.#gathered.add(run);
    return () => void this.#gathered.delete(run);
  }

  addStep(owner: ProcessClock, firstMs: number, run: () => Promise<number>): Repetition {
    const step: Step = { run, pauseMs: firstMs, dueAt: this.#now + firstMs, underWay: undefined };
    this.#steps.set(step, owner);
    return {
      stop: async () => {
        this.#steps.delete(step);
        await step.underWay;
      },
    };
  }

  /** Forgets the steps of a process that is gone. */
  drop(owner: ProcessClock): void {
    for (const [step, other] of this.#steps) if (other === owner) this.#steps.delete(step);
  }
}

/** The clock as one process of a test sees it: while the process is stopped, nothing of it happens. */
export class ProcessClock implements Clock {
  readonly #clock: VirtualClock;
  readonly #calls = new Set<() => void>();
  #stop: () => void = () => {};
  #whenStopped: Promise<void>;
  #stopped = false;

  constructor(clock: VirtualClock) {
    this.#clock = clock;
    this.#whenStopped = this.#run();
  }

  get stopped(): boolean {
    return this.#stopped;
  }

  get whenStopped(): Promise<void> {
    return this.#whenStopped;
  }

  now(): number {
    return this.#clock.now;
  }

  ticks(): number {
    return this.#clock.ticks;
  }

  after(ms: number, run: () => void): () => void {
    return this.#track(this.#clock.addTimer(ms, () => !this.#stopped && run()));
  }

  within(_ms: number, run: () => void): () => void {
    return this.#track(this.#clock.gather(() => !this.#stopped && run()));
  }

  repeat(firstMs: number, step: () => Promise<number>): Repetition {
    return this.#clock.addStep(this, firstMs, step);
  }

  /** The process stands still, or is dead. */
  stop(): void {
    this.#stopped = true;
    this.#stop();
  }

  /** It goes on; timers that went off meanwhile are lost. */
  goOn(): void {
    this.#stopped = false;
    this.#whenStopped = this.#run();
  }

  /** Nothing of this process happens ever again. */
  end(): void {
    this.stop();
    this.#clock.drop(this);
    for (const callOff of this.#calls) callOff();
  }

  #track(callOff: () => void): () => void {
    this.#calls.add(callOff);
    return () => {
      this.#calls.delete(callOff);
      callOff();
    };
  }

  #run(): Promise<void> {
    return new Promise((resolve) => {
      this.#stop = resolve;
    });
  }
}
