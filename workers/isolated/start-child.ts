/** Starts a child process for isolated handlers, and waits until it has loaded the app. */
import { type ChildProcess, fork } from 'node:child_process';
import { TwolaneError } from '../../src/contract/index.ts';
import { scriptBeside } from '../script.ts';
import { unpackError } from './errors.ts';
import { markName } from './process-tree.ts';
import type { FromChild, ToChild } from './protocol.ts';

export interface AppOfChild {
  /** URL of the module that makes the app, see `src/app-file.ts`. */
  app: string;
  /** The configuration for it. */
  config: object;
  environment: Readonly<Record<string, string | undefined>>;
  /** The worker's name in the ledger. */
  worker: string;
}

const startTimeoutMs = 30_000;

/** @param mark what everything that it starts carries in its environment */
export function forkChild({ environment }: AppOfChild, memoryMb: number, mark: string): ChildProcess {
  const { path, execArgv } = scriptBeside(import.meta.url, 'child');
  return fork(path, [String(process.pid), mark], {
    // A group of its own, so that it ends together with what it starts and no signal of a terminal reaches it.
    detached: true,
    execArgv: [`--max-old-space-size=${memoryMb}`, ...execArgv],
    env: { ...environment, [markName]: mark },
    stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
  });
}

/** @throws TwolaneError `isolation_failed` when the app can't be loaded or takes too long. */
export async function untilLoaded(child: ChildProcess, { app, config, worker }: AppOfChild): Promise<void> {
  const start: ToChild = { kind: 'start', app, config, worker };
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`it took over ${startTimeoutMs / 1000} s`)), startTimeoutMs);
    const settle = (finish: () => void) => {
      clearTimeout(timer);
      child.off('message', onMessage).off('exit', onExit).off('error', onError);
      finish();
    };
    const onMessage = (message: FromChild) => {
      if (message.kind === 'ready') settle(resolve);
      if (message.kind === 'broken') settle(() => reject(unpackError(message)));
    };
    const onExit = (code: number | null, signal: string | null) =>
      settle(() => reject(new Error(`it ended (${signal ?? `exit code ${code}`})`)));
    const onError = (error: Error) => settle(() => reject(error));
    child.on('message', onMessage).on('exit', onExit).on('error', onError);
    child.send(start, () => {});
  }).catch((cause: Error) => {
    throw new TwolaneError('isolation_failed', `No process for isolated handlers: ${cause.message}`, { cause });
  });
}
