/** The child's side of a run: the same context as in a worker, its words told to the worker, its effects committed here. */
import {
  AbortError,
  type AnyHandler,
  type AnyHandlers,
  type Catalog,
  defaultBackoff,
  type Enqueuer,
  type Json,
  type Logger,
  NonRetryableError,
  type PayloadFiles,
  type Queryable,
} from '../../src/contract/index.ts';
import { readChildren } from '../../src/ledger/flows.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { settleAllWith } from '../settling.ts';
import { type ContextParts, makeContext } from '../steps/context.ts';
import { Stop } from '../steps/limits.ts';
import { parsePayload } from '../steps/parse-payload.ts';
import { untilWait } from '../steps/run-handler.ts';
import { packError } from './errors.ts';
import type { FromChild, ToChild } from './protocol.ts';

/** What an app gives to the process that runs its isolated handlers. */
export interface IsolatedParts {
  catalog: Catalog;
  handlers: AnyHandlers;
  database: Queryable;
  ledger: Ledger;
  enqueuer: Enqueuer;
  payloads: PayloadFiles;
  logger: Logger;
}

type Run = Extract<ToChild, { kind: 'run' }>;

/** What one run needs; `worker` is the name of the worker in the ledger. */
type ServeParts = IsolatedParts & { worker: string; tell(message: FromChild): void };

/** Runs what the worker sends, one job at a time. */
export function serve(parts: ServeParts): (message: ToChild) => void {
  let current: { run: number; stop: Stop } | undefined;
  return (message) => {
    if (message.kind === 'run') {
      const stop = new Stop();
      current = { run: message.run, stop };
      void runOne(message, stop, parts);
    } else if (message.kind === 'abort' && message.run === current?.run) {
      current.stop.abort(new AbortError(message.code, message.message));
    }
  };
}

async function runOne({ run, job, lane }: Run, stop: Stop, parts: ServeParts): Promise<void> {
  const { catalog, handlers, tell } = parts;
  const contextParts: ContextParts = {
    ...parts,
    notes: {
      progress: (_id, percent, note) => tell({ kind: 'progress', run, percent, note }),
      log: (_id, _attempt, message, fields) => tell({ kind: 'log', run, message, fields }),
    },
    children: (id, all) => readChildren(parts, id, all),
    async settleWith(settled, effect, result) {
      await settleAllWith(parts, [{ job: settled, result }], effect);
      tell({ kind: 'settled', run });
    },
  };
  const definition = catalog[job.type];
  try {
    const handler = handlers[job.type] as AnyHandler | undefined;
    if (!definition || !handler) throw new TypeError(`The app module has no handler for job type ${job.type}`);
    const payload = parsePayload(definition, job.payload, job.version, parts.payloads.secrets);
    const context = makeContext(job, lane, stop, contextParts);
    const value = await untilWait(() => handler(payload as never, context.public as never));
    tell({ kind: 'returned', run, value: asJson(value), waits: context.waits });
  } catch (thrown) {
    const { backoff, nonRetryable } = definition ?? { backoff: defaultBackoff };
    const rules = { attempt: job.attempt, maxAttempts: job.max_attempts, backoff, nonRetryable };
    tell({ kind: 'threw', run, ...packError(thrown, rules) });
  }
}

/** Another attempt would return something like it: what JSON can't hold ends the job. */
function asJson(value: unknown): Json {
  try {
    return JSON.parse(JSON.stringify(value ?? null));
  } catch (cause) {
    throw new NonRetryableError(`The handler's result can not be kept as JSON: ${String(cause)}`, {
      code: 'invalid_result',
      cause,
    });
  }
}
