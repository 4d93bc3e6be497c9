/** What the commands share that take jobs over from other systems: an app without a role, and a start that ends by a signal. */
import type { Twolane } from '../twolane.ts';
import { type AppChoice, openApp } from './app.ts';
import type { Terminal } from './terminal.ts';

/** Starts taking in this process, which then ends by SIGTERM or Ctrl-C. `begin` answers how to stop. */
export async function startMover(
  terminal: Terminal,
  choice: AppChoice,
  begin: (twolane: Twolane) => Promise<() => Promise<void>>,
): Promise<void> {
  const [{ run }, twolane] = await Promise.all([import('../../workers/run.ts'), openApp(terminal, choice)]);
  let stop = async () => {};
  const part = {
    name: choice.name,
    start: async () => {
      stop = await begin(twolane);
    },
    stop: () => stop(),
  };
  try {
    await run(twolane, [part]);
  } catch (error) {
    // Nothing is taken, so nothing keeps this process: its connections must not either.
    await twolane.close();
    throw error;
  }
}
