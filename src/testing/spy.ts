/** A spy waits for what becomes of the jobs of one type, and says what did happen when that never comes. */
import { type JobDefinition, type JobDetail, type JobState, type Operations, TwolaneError } from '../contract/index.ts';
import { matches, type PayloadMatcher } from './match.ts';
import type { Quiet } from './quiet.ts';

export interface WaitOptions {
  /** Real time, milliseconds. Default 2,000. */
  timeoutMs?: number;
}

type Wait = (matcher?: PayloadMatcher, options?: WaitOptions) => Promise<JobDetail>;

/**
 * Each call runs what is due until a job of the type is there, and answers the first one that fits, the oldest first. The
 * clock does not move.
 */
export interface Spy {
  enqueued: Wait;
  /** It runs now, or did. */
  started: Wait;
  succeeded: Wait;
  /** An attempt failed, whatever became of the job. */
  failed: Wait;
  dead: Wait;
  cancelled: Wait;
  /** All jobs of the type, the oldest first. */
  jobs(): Promise<JobDetail[]>;
}

export interface SpyParts {
  operations: Operations;
  quiet: Quiet;
  now(): number;
}

/** Most jobs of a type that a spy looks through. */
const most = 10_000;

export function makeSpy(definition: Pick<JobDefinition, 'type'>, parts: SpyParts): Spy {
  const { type } = definition;
  const jobs = () => readJobs(type, parts.operations);
  const wait =
    (what: string, fits: (job: JobDetail) => boolean): Wait =>
    async (matcher, { timeoutMs = 2_000 } = {}) => {
      let found: JobDetail | undefined;
      const there = await parts.quiet.until(async () => {
        found = (await jobs()).find((job) => fits(job) && matches(job.payload, matcher));
        return found !== undefined;
      }, timeoutMs);
      if (there && found) return found;
      throw new TwolaneError('not_seen', complaint(`${type} ${what}`, matcher, timeoutMs, await jobs(), parts.now()));
    };
  const is =
    (...states: JobState[]) =>
    (job: JobDetail) =>
      states.includes(job.state);
  return {
    enqueued: wait('was enqueued', () => true),
    started: wait('started', (job) => job.startedAt !== null || job.attempts.length > 0),
    succeeded: wait('succeeded', is('succeeded')),
    failed: wait('failed', (job) => job.attempts.some((attempt) => attempt.error)),
    dead: wait('died', is('dead')),
    cancelled: wait('was cancelled', is('cancelled')),
    jobs,
  };
}

async function readJobs(type: string, operations: Operations): Promise<JobDetail[]> {
  const found: JobDetail[] = [];
  for (let cursor: string | null | undefined; cursor !== null && found.length < most; ) {
    const page = await operations.list({ type }, { limit: 500, ...(cursor && { cursor }) });
    for (const { id } of page.items) found.push((await operations.get(id)) as JobDetail);
    cursor = page.nextCursor;
  }
  return found.reverse();
}

function complaint(what: string, matcher: PayloadMatcher, ms: number, jobs: readonly JobDetail[], now: number): string {
  const which =
    matcher === undefined ? '' : ` with ${typeof matcher === 'function' ? matcher : JSON.stringify(matcher)}`;
  const head = `No ${what}${which} within ${ms} ms. The clock shows ${new Date(now).toISOString()}.`;
  if (jobs.length === 0) return `${head} No job of this type was enqueued.`;
  return [`${head} This happened:`, ...jobs.slice(0, 20).map(line)].join('\n');
}

function line(job: JobDetail): string {
  const { id, state, attempts, runAt, reason } = job;
  const because = [
    ...attempts.map(
      ({ attempt, outcome, error }) => `attempt ${attempt} ${outcome}${error ? `: ${error.message}` : ''}`,
    ),
    ...(state === 'scheduled' && runAt ? [`due at ${runAt}: advance the clock`] : []),
    ...(reason ? [reason] : []),
  ];
  return `  ${id} ${JSON.stringify(job.payload)} is ${state}${because.length > 0 ? ` (${because.join('; ')})` : ''}`;
}
