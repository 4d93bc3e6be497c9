/** GET /healthz and /readyz: is the process alive, and can it take requests. */
import { z } from 'zod';
import { OverloadedError } from '../../contract/errors.ts';
import type { Lane } from '../../contract/lane.ts';
import type { Queryable } from '../../contract/ledger.ts';
import { laneNames } from '../../contract/words.ts';
import { Problem } from '../../http/problem.ts';
import { route } from '../../http/route.ts';
import type { ApiDeps } from '../deps.ts';

const answerMs = 2_000;

export function healthz() {
  return route({
    method: 'get',
    path: '/healthz',
    tag: 'system',
    summary: 'Alive: the process answers',
    access: 'open',
    answer: { status: 200, description: 'Alive.', schema: z.object({ status: z.literal('ok') }) },
    handle: async () => ({ body: { status: 'ok' }, headers: { 'cache-control': 'no-store' } }),
  });
}

const laneSchema = z.object({ lane: z.enum(laneNames), up: z.boolean(), server: z.string(), detail: z.string() });

/**
 * Ready when the ledger can be reached and is migrated. A broker that is down only degrades: jobs are accepted and wait
 * in the ledger.
 */
export function readyz({ db, lanes }: ApiDeps) {
  return route({
    method: 'get',
    path: '/readyz',
    tag: 'system',
    summary: 'Ready: the ledger is there, so that every POST is safe; brokers that are down are listed',
    access: 'open',
    answer: {
      status: 200,
      description: 'Ready; `degraded` names the lanes whose jobs wait for their broker.',
      schema: z.object({
        status: z.enum(['ready', 'degraded']),
        degraded: z.array(z.enum(laneNames)),
        lanes: z.array(laneSchema.partial({ server: true, detail: true })),
      }),
    },
    async handle() {
      const [, ...health] = await Promise.all([checkLedger(db), ...lanes.map(healthOf)]);
      const degraded = health.filter((lane) => !lane.up).map((lane) => lane.lane);
      const status = degraded.length ? 'degraded' : 'ready';
      return { body: { status, degraded, lanes: health }, headers: { 'cache-control': 'no-store' } };
    },
  });
}

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

async function healthOf(lane: Lane) {
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
