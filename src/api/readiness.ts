/** What is true of both lanes now: do their brokers answer, and does every consumer of the fleet really consume. */

import type { Queryable } from '../contract/database.ts';
import { OverloadedError } from '../contract/errors.ts';
import type { ConsumerHealth, WorkerStatus } from '../contract/fleet.ts';
import type { Lane, LaneHealth } from '../contract/lane.ts';
import { type LaneName, laneNames, type QueuePath, queuePath, splitQueuePath } from '../contract/words.ts';
import { Problem } from '../http/problem.ts';
import type { HealthDeps } from './deps.ts';

/** What does not answer within this time is as good as down. */
const answerMs = 1_000;

/** A consumer that should have been given something and was not. */
export interface LateConsumer {
  worker: string;
  queue: QueuePath;
  silentMs: number;
  why: string;
  rebuilds: number;
}

export interface Readiness {
  lanes: (LaneHealth & { lane: LaneName })[];
  late: LateConsumer[];
  /** Queues without a consumer that works: no process is there for them, or those that are there are late. */
  unserved: QueuePath[];
  /** Lanes whose broker is down or that have a late consumer. */
  degraded: LaneName[];
}

/** @throws Problem 503 when the ledger can't be reached or has no tables. */
export async function readReadiness({ db, lanes, operations, catalog }: HealthDeps): Promise<Readiness> {
  const [, ...health] = await Promise.all([checkLedger(db), ...lanes.map(healthOf)]);
  // Asked last: a broker that keeps us waiting must not make this old news.
  const workers = await within(operations.workers(), 'PostgreSQL does not answer');
  const alive = workers.filter((worker) => !worker.draining);
  const late = alive.flatMap(lateOf);
  const served = new Set(
    alive.flatMap(({ queues }) => queues.filter((one) => one.late === null)).map((one) => one.queue),
  );
  const known = new Set(Object.values(catalog).map((job) => queuePath(job.lane, job.queue)));
  const degraded = laneNames.filter(
    (name) => health.some((lane) => lane.lane === name && !lane.up) || late.some(({ queue }) => laneOf(queue) === name),
  );
  return { lanes: health, late, unserved: [...known].filter((queue) => !served.has(queue)).sort(), degraded };
}

/**
 * Why work would not be done, a sentence each; none when it would.
 * @param needed lanes that must serve: their broker is up and every queue has a consumer that works
 * @param own consumers of this process: each must work, and the brokers of their lanes be up
 */
export function unservedBecause(
  { lanes, unserved }: Readiness,
  needed: readonly LaneName[],
  own: Readonly<Record<QueuePath, ConsumerHealth>>,
): string[] {
  const mine = Object.entries(own) as [QueuePath, ConsumerHealth][];
  const wanted = new Set([...needed, ...mine.map(([queue]) => laneOf(queue))]);
  const down = lanes.filter(({ lane, up }) => wanted.has(lane) && !up);
  return [
    ...down.map(({ lane, detail }) => `The ${lane} lane is down: ${detail ?? 'its broker does not answer'}`),
    ...unserved.filter((queue) => needed.includes(laneOf(queue))).map((queue) => `No process consumes ${queue}`),
    ...mine.flatMap(([queue, { late }]) => (late === null ? [] : [`The consumer of ${queue} here is late: ${late}`])),
  ];
}

function lateOf({ host, pid, queues }: WorkerStatus): LateConsumer[] {
  return queues.flatMap(({ queue, silentMs, late, rebuilds }) =>
    late === null ? [] : [{ worker: `${host}:${pid}`, queue, silentMs, why: late, rebuilds }],
  );
}

const laneOf = (queue: QueuePath): LaneName => splitQueuePath(queue).lane;

async function checkLedger(db: Queryable): Promise<void> {
  const asked = db.query<{ live: string | null; http: string | null }>(
    "select to_regclass('twolane.live') as live, to_regclass('twolane.http_idempotency') as http",
  );
  const answer = await within(asked, 'PostgreSQL does not answer');
  if (!answer.rows[0]?.live || !answer.rows[0].http)
    throw new Problem(
      503,
      'not_migrated',
      'Not ready',
      'The database has no tables of Twolane yet. Every process brings them when it starts; restart this one.',
    );
}

async function healthOf(lane: Lane): Promise<LaneHealth & { lane: LaneName }> {
  try {
    return { lane: lane.name, ...(await within(lane.health(), 'does not answer')) };
  } catch (error) {
    return { lane: lane.name, up: false, detail: error instanceof Error ? error.message : String(error) };
  }
}

/** What hangs is as good as down; the late answer is of no interest then. */
async function within<T>(work: Promise<T>, complaint: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new OverloadedError(`${complaint} within ${answerMs} ms`, 2)), answerMs);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
