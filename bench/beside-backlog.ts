/**
 * What one connection can enqueue, dispatch, claim and settle, alone on the machine, with nothing waiting and with a backlog:
 * the steps of the ledger themselves, so that what grows with the backlog shows.
 */
import { setTimeout as sleep } from 'node:timers/promises';
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

/** Rounds of which the middle one counts: what autovacuum takes from one of two cores falls on one of them. */
const rounds = 5;

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
    const alone = await middleRates(fleet, jobs);
    await enqueue(fleet, waiting);
    await vacuumLive(database);
    const beside = await middleRates(fleet, jobs);
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

/** The middle rate of each step over several rounds, on a server that has nothing left to write or clean up from before. */
async function middleRates(fleet: Fleet, jobs: number): Promise<Record<Step, number>> {
  await ratesOf(fleet, jobs / rounds);
  await atRest(fleet);
  const measured: Record<Step, number>[] = [];
  for (let round = 0; round < rounds; round += 1) measured.push(await ratesOf(fleet, jobs / rounds));
  const middle = (step: Step) => measured.map((rates) => rates[step]).toSorted((a, b) => a - b)[Math.floor(rounds / 2)];
  return Object.fromEntries(steps.map((step) => [step, middle(step)])) as Record<Step, number>;
}

/** Filling a queue leaves dirty pages and work for autovacuum, which then run beside whatever is measured next. */
async function atRest({ twolane: { database } }: Fleet): Promise<void> {
  await database.query('checkpoint');
  const cleaning = `select 1 from pg_stat_activity where backend_type = 'autovacuum worker'`;
  while ((await database.query(cleaning)).rowCount) await sleep(200);
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
