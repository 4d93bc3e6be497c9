/**
 * Crash points: runs one job again and again and does to its worker what production does to workers, at each step of its
 * life: kills it, freezes it until somebody else has done the job, delivers the job twice. After each run your invariant is asked.
 */
import {
  type Catalog,
  type EnqueueOptions,
  type HandlersOf,
  isFinal,
  type JobDefinition,
  type JobDetail,
  type PayloadInput,
  TwolaneError,
} from '../contract/index.ts';
import { type Duration, milliseconds } from './duration.ts';
import type { Fate } from './gate.ts';
import { inTransaction } from './process-database.ts';
import { immediate } from './runs.ts';
import type { TestProcess } from './test-process.ts';
import { type Installation, install, type TestParts, type TestTwolaneOptions } from './test-twolane.ts';

export interface CrashTest<C extends Catalog, D extends JobDefinition, W>
  extends Omit<TestTwolaneOptions<C>, 'handlers' | 'workers'> {
  job: D;
  payload: PayloadInput<D>;
  options?: EnqueueOptions;
  /** Makes what the handlers work on, and the handlers themselves, anew for each run. */
  world(parts: TestParts): { handlers: HandlersOf<C>; world: W } | Promise<{ handlers: HandlersOf<C>; world: W }>;
  /** Throws when something does not hold that must, now that the job has ended. */
  invariant(world: W, job: JobDetail): void | Promise<void>;
  /** Which steps are disturbed, to look at one of them. Default: all. */
  steps?(step: string): boolean;
  /** How long a job and what follows from it may take, by the test's clock. Default an hour. */
  recoverWithin?: Duration;
}

/** One run of the job. */
export interface CrashRun {
  /** What was done to it: `killed before ctx.settle`, `delivered twice`. */
  what: string;
  /** How the job ended. */
  state: JobDetail['state'];
  /** What the invariant threw, or that the job did not end. */
  broken?: string;
}

export interface CrashReport {
  runs: CrashRun[];
  /** Those after which the invariant did not hold: `expect(report.broken).toEqual([])`. */
  broken: CrashRun[];
}

interface Plan {
  what: string;
  /** The step that it is about, and what happens there. */
  step?: string;
  fate: Exclude<Fate, 'goes on'>;
  twice?: boolean;
}

/**
 * Finds the steps of the job in an undisturbed run, then disturbs it at each of them.
 * @throws TwolaneError `pglite_missing`, and what `world` throws
 */
export async function crashPoints<C extends Catalog, D extends JobDefinition, W>(
  test: CrashTest<C, D, W>,
): Promise<CrashReport> {
  // Made by each run; the installation itself starts no worker.
  const installation = await install({ ...test, handlers: {} as HandlersOf<C> });
  try {
    const steps: string[] = [];
    const runs = [await runOnce(installation, test, { what: 'undisturbed', fate: 'dies' }, steps)];
    for (const plan of plansFor(steps.filter(test.steps ?? (() => true))))
      runs.push(await runOnce(installation, test, plan));
    return { runs, broken: runs.filter((run) => run.broken !== undefined) };
  } finally {
    await installation.twolane.close();
  }
}

function plansFor(steps: readonly string[]): Plan[] {
  const mayFreeze = steps.filter((step) => /^before (ctx|settle)/.test(step) && waits(step));
  return [
    ...steps.map((step): Plan => ({ what: `killed ${step}`, step, fate: 'dies' })),
    ...mayFreeze.map(
      (step): Plan => ({ what: `frozen ${step} until another worker has done the job`, step, fate: 'freezes' }),
    ),
    { what: 'delivered twice', fate: 'dies', twice: true },
  ];
}

/**
 * Code goes on until it waits for something, so a process freezes where it does. One that froze inside a transaction would
 * lose it: that is what being killed there shows.
 */
function waits(step: string): boolean {
  return !step.includes(inTransaction) && ![...immediate].some((call) => step.startsWith(`before ctx.${call}`));
}

async function runOnce<C extends Catalog, D extends JobDefinition, W>(
  installation: Installation,
  test: CrashTest<C, D, W>,
  plan: Plan,
  steps?: string[],
): Promise<CrashRun> {
  const { twolane } = installation;
  const { handlers, world } = await test.world({ enqueuer: twolane, clock: twolane.clock, database: twolane.database });
  const victim = await installation.startWorker(handlers);
  const disturbed = disturb(victim, plan, () => id, steps);
  let id = '';
  const { type, ...enqueued } = await twolane.enqueue(test.job, test.payload, test.options);
  id = enqueued.id;
  const deliverAgain = () =>
    twolane.lanes[test.job.lane].publish(test.job.queue, [
      { id, type, version: test.job.version, fence: 0, crashes: 0 },
    ]);
  if (plan.twice) await deliverAgain();
  await twolane.drain();
  const successor = disturbed() || plan.twice ? await installation.startWorker(handlers) : undefined;
  await untilEnded(installation, milliseconds(test.recoverWithin ?? '1h'));
  if (plan.twice) await deliverAgain();
  victim.gate.thaw();
  if (plan.twice || plan.fate === 'freezes') await twolane.drain();
  for (const worker of [victim, successor]) worker?.gate.kill();
  const job = (await twolane.job(id)) as JobDetail;
  const answer = { what: plan.what, state: job.state, ...(await verdict(test, world, job)) };
  for (const left of await stillLive(installation)) await twolane.operations.cancel(left);
  return answer;
}

/** Only steps that concern the job count: its worker may do others too. Answers whether the step has come. */
function disturb(
  victim: TestProcess,
  { step: wanted, fate }: Plan,
  job: () => string,
  steps?: string[],
): () => boolean {
  const seen = new Map<string, number>();
  let met = false;
  victim.gate.onStep = (name, about) => {
    if (job() === '' || !about.includes(job())) return 'goes on';
    const times = (seen.get(name) ?? 0) + 1;
    seen.set(name, times);
    const step = times === 1 ? name : `${name} (${times})`;
    steps?.push(step);
    if (met || step !== wanted) return 'goes on';
    met = true;
    return fate;
  };
  return () => met;
}

/** The first stretch is longer than a lease: by then a silent process is judged dead. */
const stretch = '1m';

async function untilEnded(installation: Installation, withinMs: number): Promise<void> {
  const { twolane } = installation;
  const end = twolane.clock.now() + withinMs;
  for (;;) {
    await twolane.drain();
    if ((await stillLive(installation)).length === 0 || twolane.clock.now() >= end) return;
    await twolane.clock.advance(stretch);
  }
}

/** Jobs that have not ended: the one of the run, and what it enqueued. */
async function stillLive({ twolane }: Installation): Promise<string[]> {
  const { rows } = await twolane.database.query<{ id: string }>('select id from twolane.live order by id');
  return rows.map(({ id }) => id);
}

async function verdict<C extends Catalog, D extends JobDefinition, W>(
  test: CrashTest<C, D, W>,
  world: W,
  job: JobDetail,
): Promise<{ broken?: string }> {
  try {
    if (!isFinal(job.state)) throw new TwolaneError('not_recovered', `The job is ${job.state} and has not ended`);
    await test.invariant(world, job);
    return {};
  } catch (error) {
    return { broken: error instanceof Error ? error.message : String(error) };
  }
}
