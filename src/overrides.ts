/**
 * What this process lays over the options of every Twolane that is made in it. The child processes of isolated handlers
 * load an app's own module this way: it makes its Twolane as everywhere, and gets one that publishes through the worker.
 */
import { TwolaneError } from './contract/errors.ts';
import type { TwolaneOptions } from './options.ts';

let laid: Partial<TwolaneOptions> | undefined;

/** Call it before the app's module is loaded. */
export function layOver(overrides: Partial<TwolaneOptions>): void {
  laid = overrides;
}

export function withOverrides<O extends TwolaneOptions>(options: O): O {
  return laid ? { ...options, ...laid } : options;
}

/** @throws TwolaneError `app_starts_work` in a child process, which would start children of its own for ever */
export function refuseInChild(what: string): void {
  if (!laid?.lanes) return;
  throw new TwolaneError(
    'app_starts_work',
    `The app module starts a ${what} while it is loaded. It must only make its Twolane: start things in another file`,
  );
}
