/** What handlers do during a test: which run right now, which of them only wait for the clock, and the calls of their context as steps. */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { AnyHandler, AnyHandlers } from '../contract/index.ts';
import type { Gate } from './gate.ts';

interface Run {
  type: string;
  gate: Gate;
  /** Sleeps on the clock of the test that have not ended. */
  asleep: number;
}

export class Runs {
  readonly #runs = new Set<Run>();
  readonly #present = new AsyncLocalStorage<Run>();
  #started = 0;

  /** How many handlers have started so far. */
  get started(): number {
    return this.#started;
  }

  /** Types whose handlers are at work now, and do not just wait for the clock. */
  get busy(): string[] {
    return [...this.#runs].filter(({ asleep, gate }) => asleep === 0 && gate.alive).map(({ type }) => type);
  }

  /** Handlers that are watched, and that stop with their process. */
  watch(handlers: AnyHandlers, gate: Gate): AnyHandlers {
    const watched = (type: string, handler: AnyHandler) => async (payload: unknown, context: object) => {
      const run: Run = { type, gate, asleep: 0 };
      this.#runs.add(run);
      this.#started += 1;
      const call = handler as (payload: unknown, context: unknown) => Promise<unknown>;
      try {
        return await this.#present.run(run, () => call(payload, steppingContext(context, gate)));
      } finally {
        this.#runs.delete(run);
      }
    };
    return Object.fromEntries(Object.entries(handlers).map(([type, handler]) => [type, watched(type, handler)]));
  }

  /** A handler that waits for this is not busy. */
  async sleeping(wait: Promise<void>): Promise<void> {
    const run = this.#present.getStore();
    if (!run) return wait;
    run.asleep += 1;
    try {
      await wait;
    } finally {
      run.asleep -= 1;
    }
  }
}

/** These answer at once, so a process that dies in them can only throw. */
export const immediate: ReadonlySet<string> = new Set(['progress', 'log', 'fail']);

/** The context with a step before and after each of its calls. */
function steppingContext(context: object & { id?: string }, gate: Gate): object {
  const about = context.id ?? '';
  return new Proxy(context, {
    get(target, name) {
      const value = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      const call = (args: unknown[]) => value.apply(target, args);
      if (!immediate.has(String(name)))
        return (...args: unknown[]) => stepping(gate, String(name), about, () => call(args));
      return (...args: unknown[]) => {
        gate.stepNow(`before ctx.${String(name)}`, about);
        call(args);
        gate.stepNow(`after ctx.${String(name)}`, about);
      };
    },
  });
}

async function stepping(gate: Gate, name: string, about: string, call: () => Promise<unknown>): Promise<unknown> {
  await gate.step(`before ctx.${name}`, about);
  const answer = await call();
  await gate.step(`after ctx.${name}`, about);
  return answer;
}
