/** Makes an operation step by step. While it has to wait longer it leaves its slot, and a job that goes on later follows. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Handler, OperationRunner } from '../../src/contract/index.ts';
import type { runOperationJob } from './run-operation.job.ts';

/** One job works this long at most, milliseconds; the next one follows at once. */
const turnMs = 20_000;
/** Shorter waits are not worth another job, milliseconds. */
const shortWaitMs = 1_000;

export const runOperation =
  (operations: OperationRunner): Handler<typeof runOperationJob> =>
  async ({ operationId }, { signal, progress, settle }) => {
    const until = performance.now() + turnMs;
    for (;;) {
      const { over, waitMs, percent, note } = await operations.step(operationId);
      progress(percent, note);
      if (over) return;
      if (performance.now() > until || waitMs > shortWaitMs)
        return settle((tx) => operations.goOn(tx, operationId, waitMs));
      signal.throwIfAborted();
      if (waitMs > 0) await sleep(waitMs, undefined, { signal });
    }
  };
