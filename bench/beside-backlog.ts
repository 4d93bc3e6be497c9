/**
 * What one connection can enqueue, dispatch, claim and settle, alone on the machine, with nothing waiting and with a backlog:
 * the steps of the ledger themselves, so that what grows with the backlog shows.
 */
import { claimJobs } from '../src/ledger/claim.ts';
import { vacuumLive } from '../src/ledger/retention.ts';
import { settleJobs } from '../src/ledger/settle.ts';
import { Fleet } from './fleet.ts';
import { benchJobs, nowMs } from './jobs.ts';
import type { Measured } from './measured.ts';

const queue = 'realtime/bench';
const session = 1;
const perCall = 1_000;
export const steps = ['enqueue', 'dispatch', 'claim', 'settle'] as const;
type Step = (typeof steps)[number];

/** The rate of each step beside a backlog, as a share of its rate with nothing waiting. */
export async function besideBacklog(waiting: number, jobs: number): Promise<Measured[]> {
  const fleet = await Fleet.start();
  try {
    const { database, operations } = fleet.twolane;
    await database.query(
      `insert into twolane.sessions (id, host, pid, role, version, queues) values ($1, '', 0, '', '', '[]')`,
      [session],
    );
    await database.query('select twolane.take_queue($1)', [queue]);
    await operations.pause(queue);
    await ratesOf(fleet, jobs / 5);
    const alone = await ratesOf(fleet, jobs);
    await enqueue(fleet, waiting);
    await vacuumLive(database);
    await ratesOf(fleet, jobs / 5);
    const beside = await ratesOf(fleet, jobs);
    return steps.map((step) => ({
      key: step,
      value: (100 * beside[step]) / alone[step],
      unit: '%' as const,
      note: `${step}, ${Math.round(beside[step])}/s beside ${waiting.toLocaleString('en')} waiting, ${Math.round(alone[step])}/s with none`,
    }));
  } finally {
    await fleet.stop();
  }
}

async function enqueue(fleet: Fleet, jobs: number): Promise<void> {
  for (let left = jobs; left > 0; left -= perCall) {
    const items = Array.from({ length: Math.min(perCall, left) }, () => ({
      job: benchJobs['bench-realtime'],
      payload: { sentAt: nowMs() },
    }));
    await fleet.twolane.enqueueMany(items);
  }
}

/** Jobs per second of each step, over so many jobs. */
async function ratesOf(fleet: Fleet, jobs: number): Promise<Record<Step, number>> {
  const { database } = fleet.twolane;
  const tookMs: Record<Step, number> = { enqueue: 0, dispatch: 0, claim: 0, settle: 0 };
  const timed = async <T>(step: Step, work: () => Promise<T>): Promise<T> => {
    const startedAt = nowMs();
    const result = await work();
    tookMs[step] += nowMs() - startedAt;
    return result;
  };
  await timed('enqueue', () => enqueue(fleet, jobs));
  await database.query('update twolane.queues set paused = false where queue = $1', [queue]);
  for (let done = 0; done < jobs; ) {
    const released = await timed('dispatch', () =>
      database.relaxed.query<{ id: string }>('select * from twolane.pick($1, 1, $2, $2)', [queue, perCall]),
    );
    const ids = released.rows.map((row) => row.id);
    const claimed = await timed('claim', () => claimJobs(database.relaxed, session, ids, false));
    const ended = claimed.map((job) => ({ ...job, outcome: { kind: 'succeeded', result: null } as const }));
    const { settled } = await timed('settle', () => settleJobs(database.hot, ended, 'bench'));
    if (settled.size === 0) throw new Error('Nothing was settled');
    done += settled.size;
  }
  await database.query('update twolane.queues set paused = true where queue = $1', [queue]);
  return Object.fromEntries(steps.map((step) => [step, (jobs * 1_000) / tookMs[step]])) as Record<Step, number>;
}
