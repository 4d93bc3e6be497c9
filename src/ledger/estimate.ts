/** When a job should be done, from its place in the queue and from what is measured now. */
import {
  type Catalog,
  type Estimate,
  isFinal,
  type JobDetail,
  type Queryable,
  type QueuePath,
  queuePath,
} from '../contract/index.ts';
import { countCap } from './queue-status.ts';
import { readTypes } from './type-status.ts';

/** Starts are counted over so many seconds. */
const measuredS = 10;

/** What the estimate is made of. Times in milliseconds since 1970, durations in milliseconds. */
export interface Facts {
  now: number;
  /** Jobs that start before it; null when it does not wait its turn. */
  ahead: number | null;
  paused: boolean;
  /** How long it has waited its turn already. */
  waitedMs: number;
  /** Jobs that all live workers of its queue can run at once. */
  slots: number;
  /** Jobs of the queue that were started per second of late. */
  startsPerS: number;
  /** How long jobs of its type wait and run; null when none was seen of late. */
  p50WaitMs: number | null;
  p50RunMs: number | null;
  p95RunMs: number | null;
}

type Moment = Pick<JobDetail, 'state' | 'runAt' | 'startedAt' | 'progress'>;

/** Null when nothing can be said: nobody works, or nothing like it was seen of late. Pure. */
export function estimateEnd(job: Moment, facts: Facts): number | null {
  const { now, p50RunMs } = facts;
  if (job.state === 'running') return endOfRun(job, facts);
  if (p50RunMs === null || facts.slots === 0 || facts.paused) return null;
  if (job.state === 'scheduled' && job.runAt) {
    return Math.max(now, Date.parse(job.runAt)) + (facts.p50WaitMs ?? 0) + p50RunMs;
  }
  return facts.ahead === null ? null : now + waitBehind(facts.ahead, p50RunMs, facts) + p50RunMs;
}

/** Progress goes on in a straight line; without any, what is usual for the type. */
function endOfRun({ startedAt, progress }: Moment, { now, p50RunMs, p95RunMs }: Facts): number | null {
  if (startedAt === null) return null;
  const started = Date.parse(startedAt);
  const percent = progress?.percent ?? 0;
  if (percent > 0) return started + ((now - started) * 100) / percent;
  for (const usual of [p50RunMs, p95RunMs]) if (usual !== null && started + usual > now) return started + usual;
  return null;
}

/**
 * Full slots start as many jobs as they end. What was measured counts instead once the line has been there for as long as
 * was measured: it knows of limits and of work too small to keep slots full.
 */
function waitBehind(ahead: number, runMs: number, { slots, startsPerS, waitedMs }: Facts): number {
  if (ahead < slots) return 0;
  const canPerS = (slots * 1_000) / Math.max(runMs, 1);
  const perS = startsPerS > 0 && waitedMs > measuredS * 1_000 ? startsPerS : Math.max(startsPerS, canPerS);
  return (ahead / perS) * 1_000;
}

interface Row {
  ahead: number | null;
  paused: boolean;
  starts_per_s: number;
  slots: number;
}

/** A bounded look, whatever the backlog: counting stops at 10,000. */
export async function readEstimate(database: Queryable, catalog: Catalog, job: JobDetail): Promise<Estimate> {
  if (isFinal(job.state) || job.state === 'blocked') return { position: null, eta: null };
  const queue = queuePath(job.lane, job.queue);
  const [facts, types] = await Promise.all([readFacts(database, job.id, queue), readTypes(database, catalog)]);
  const type = types.find(({ status }) => status.type === job.type)?.status;
  const { ahead } = facts;
  const now = Date.now();
  const end = estimateEnd(job, {
    ...facts,
    now,
    waitedMs: now - Date.parse(job.runAt ?? job.enqueuedAt),
    p50WaitMs: type?.p50WaitMs ?? null,
    p50RunMs: type?.p50RunMs ?? null,
    p95RunMs: type?.p95RunMs ?? null,
  });
  return {
    position: ahead === null ? null : { ahead, more: ahead >= countCap },
    eta: end === null ? null : new Date(end).toISOString(),
  };
}

async function readFacts(database: Queryable, id: string, queue: QueuePath) {
  const { rows } = await database.query<Row>(
    `select twolane.ahead_of($1, $2) as ahead, q.paused,
       coalesce((select sum(claimed) / $4::float8 from twolane.queue_stats t
         where t.queue = q.queue and t.at > now() - $4::float8 * interval '1 second'), 0)::float8 as starts_per_s,
       coalesce((select sum((slot ->> 'concurrency')::int) from twolane.sessions s, jsonb_array_elements(s.queues) slot
         where slot ->> 'queue' = q.queue and not s.draining), 0)::int as slots
     from twolane.queues q where q.queue = $3`,
    [id, countCap, queue, measuredS],
  );
  const row = rows[0] ?? { ahead: null, paused: false, starts_per_s: 0, slots: 0 };
  return { ahead: row.ahead, paused: row.paused, startsPerS: row.starts_per_s, slots: row.slots };
}
