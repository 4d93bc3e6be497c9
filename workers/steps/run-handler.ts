/** Step: runs the handler of one job, here or in a child process, inside the middleware and within the limits of its type. */
import { defaultKillAfterMs, type JobDefinition, masked, WaitSignal } from '../../src/contract/index.ts';
import type { ExecuteParts } from '../execute.ts';
import type { IsolatedRun } from '../isolated/child-process.ts';
import { keepResult } from './keep-result.ts';
import { type Ended, type Limited, runWithLimits } from './limits.ts';
import { parsePayload } from './parse-payload.ts';

/** What runs and how it is stopped by force. */
type Work = Pick<Limited, 'run' | 'kill'>;

/** Never rejects: how the handler ended is the answer. */
export async function runHandler(
  run: IsolatedRun,
  definition: JobDefinition | undefined,
  parts: ExecuteParts,
): Promise<Ended> {
  if (!definition?.isolated || !parts.isolation) return limited(run, definition, parts, here(run, definition, parts));
  const child = await parts.isolation.take(definition.isolated.memoryMb).catch((error: Error) => error);
  if (child instanceof Error) return { error: child };
  try {
    const work: Work = { run: () => child.run(run), kill: (why) => child.kill(why) };
    return await limited(run, definition, parts, work);
  } finally {
    parts.isolation.giveBack(child);
  }
}

function here(
  { job, context }: IsolatedRun,
  definition: JobDefinition | undefined,
  { handlers, payloads }: ExecuteParts,
): Work {
  const handler = handlers[job.type] as ((payload: unknown, context: unknown) => Promise<unknown>) | undefined;
  return {
    async run() {
      if (!definition || !handler) throw new TypeError(`There is no handler for job type ${job.type} here`);
      const payload = () => parsePayload(definition, job.payload, job.version, payloads.secrets);
      return untilWait(() => handler(payload(), context.public));
    },
  };
}

/** A handler that waits for its children ends without a value: nobody outside sees an error. */
export async function untilWait(run: () => Promise<unknown>): Promise<unknown> {
  try {
    return await run();
  } catch (thrown) {
    if (thrown instanceof WaitSignal) return undefined;
    throw thrown;
  }
}

/** A large payload is read from the file store first and a large result written there, within the time limit. */
function withFiles(
  { job, context }: Pick<IsolatedRun, 'job' | 'context'>,
  payloads: ExecuteParts['payloads'],
  run: Work['run'],
): Work['run'] {
  return async () => {
    if (job.payload_file) job.payload = await payloads.read(job.payload_file);
    const value = await run();
    // A job that has settled has its result.
    return context.settled ? value : keepResult(value, payloads);
  };
}

function limited(
  { job, stop, context }: IsolatedRun,
  definition: JobDefinition | undefined,
  { around, payloads, clock }: ExecuteParts,
  { run, kill }: Work,
): Promise<Ended> {
  return runWithLimits({
    clock,
    stop,
    timeoutMs: job.timeout_ms,
    killAfterMs: definition?.killAfterMs ?? defaultKillAfterMs,
    run: withFiles(
      { job, context },
      payloads,
      around ? () => around(context.public, definition?.secrets ? masked(job.payload) : job.payload, run) : run,
    ),
    kill,
  });
}
