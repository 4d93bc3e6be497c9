/** The life of one claimed job in a worker, step by step: parse the payload, run the handler within its limits, settle. */
import type {
  AnyHandler,
  Catalog,
  Clock,
  Ending,
  LaneName,
  Logger,
  Outcome,
  PayloadFiles,
} from '../src/contract/index.ts';
import type { ClaimedJob } from '../src/ledger/claim.ts';
import type { IsolatedPool } from './isolated/pool.ts';
import { type ContextParts, makeContext } from './steps/context.ts';
import type { Stop } from './steps/limits.ts';
import type { Around } from './steps/middleware.ts';
import { deriveOutcome } from './steps/outcome.ts';
import { runHandler } from './steps/run-handler.ts';
import { scrubbedError, scrubbedNotes, scrubbedOutcome, scrubOf } from './steps/scrub.ts';

export interface ExecuteParts extends ContextParts {
  catalog: Catalog;
  clock: Clock;
  payloads: PayloadFiles;
  handlers: Readonly<Record<string, AnyHandler>>;
  /** The middleware of the app; undefined when there is none. */
  around: Around | undefined;
  /** Child processes, for job types that are isolated. */
  isolation: IsolatedPool | undefined;
  /** Tells the ledger. False: the job belongs to somebody else by now. */
  settle(job: ClaimedJob, outcome: Outcome): Promise<boolean>;
  /**
   * The attempt has ended and its code goes on until `end` settles: only a new process is free of it, unless it is `wanted`
   * by other jobs of a batch.
   */
  overrun(job: ClaimedJob, end: Promise<unknown>, wanted?: boolean): void;
}

/**
 * Runs a claimed job to its outcome, settles it, and says how it ended.
 * @throws what the ledger threw at the outcome; the job is left to it then
 */
export async function execute(job: ClaimedJob, lane: LaneName, stop: Stop, parts: ExecuteParts): Promise<Ending> {
  // Made only when there is something to say: most jobs go well.
  const logger = loggerOf.bind(undefined, job, lane, parts);
  const definition = parts.catalog[job.type];
  const scrub = definition?.secrets && scrubOf(job, parts.payloads);
  const notes = scrub ? scrubbedNotes(parts.notes, scrub) : parts.notes;
  const context = makeContext(job, lane, stop, scrub ? { ...parts, notes } : parts);
  const ended = await runHandler({ job, lane, stop, context }, definition, parts);
  const derived = deriveOutcome(ended, job, stop.reason, definition, context.waits);
  const outcome = scrub ? scrubbedOutcome(derived, scrub) : derived;
  try {
    if (context.settled) return reportAfterSettle(scrub ? { error: scrubbedError(ended.error, scrub) } : ended, logger);
    if (outcome) return await tell(outcome, job, parts, logger);
    logger().warn({}, 'The job belongs to another worker by now; what it did here does not count');
    return 'fenced';
  } finally {
    // After the attempt was written down: its end is noted there.
    if (ended.stillRuns) parts.overrun(job, ended.stillRuns);
  }
}

function loggerOf({ id, type, attempt, traceparent }: ClaimedJob, lane: LaneName, { logger }: ExecuteParts): Logger {
  return logger.child({ jobId: id, type, lane, attempt, traceId: traceparent?.split('-')[1] });
}

async function tell(outcome: Outcome, job: ClaimedJob, parts: ExecuteParts, logger: () => Logger): Promise<Ending> {
  report(outcome, job, logger);
  try {
    if (await parts.settle(job, outcome)) return outcome.kind;
    logger().warn({}, 'The outcome came too late: the job belongs to another worker by now');
    return 'fenced';
  } catch (error) {
    logger().error({ error }, 'The outcome could not be told to the ledger; the job will run again');
    throw error;
  }
}

function report(outcome: Outcome, job: ClaimedJob, logger: () => Logger): void {
  if (outcome.kind === 'retry') {
    logger().warn(
      { error: outcome.error, delayMs: outcome.delayMs, detail: outcome.warning, page: `/ops/jobs/${job.id}` },
      'The attempt failed; the job will be retried',
    );
  } else if (outcome.kind === 'dead') {
    logger().error({ error: outcome.error, page: `/ops/jobs/${job.id}` }, 'The job is dead');
  } else {
    logger().debug({ outcome: outcome.kind }, 'The attempt ended');
  }
}

function reportAfterSettle(ended: { error?: unknown }, logger: () => Logger): Ending {
  if (ended.error !== undefined)
    logger().warn({ error: ended.error }, 'The handler failed after it had settled; the job has succeeded');
  return 'succeeded';
}
