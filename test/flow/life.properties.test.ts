/**
 * The life of jobs under random histories in virtual time: enqueue, release, claim, outcomes told by holders and by those
 * who hold nothing any more, cancel, retry, discard, restore, pause, crash and take-over, in any order.
 */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type JobState, mayMove, type Outcome, type PauseTarget } from '../../src/contract/index.ts';
import type { ClaimedJob } from '../../src/ledger/claim.ts';
import type { EndedJob } from '../../src/ledger/settle.ts';
import { examples, type LifeEvent, lifeQueues, lives, type outcomes } from '../support/life-histories.ts';
import { properties, propertyOptions } from '../support/properties.ts';
import { type LiveJob, TimedLedger } from '../support/timed-ledger.ts';

const error = { name: 'Error', message: 'It failed' };
const outcomeOf: Record<(typeof outcomes)[number], Outcome> = {
  succeeded: { kind: 'succeeded', result: null },
  retry: { kind: 'retry', error, delayMs: 0, timedOut: false },
  'retry later': { kind: 'retry', error, delayMs: 700, timedOut: false },
  dead: { kind: 'dead', error, timedOut: false },
  cancelled: { kind: 'cancelled', reason: 'cancelled' },
  released: { kind: 'released' },
};

describe('The life of jobs', () => {
  let ledger: TimedLedger;
  let sessions: number[] = [];
  let ids: string[] = [];
  /** Every claim of this history, and for each job that runs the worker and the fence that hold it. */
  let claims: ClaimedJob[] = [];
  const holders = new Map<string, { worker: number; fence: number }>();
  const fences = new Map<string, number>();
  const paused = new Set<PauseTarget>();

  beforeAll(async () => {
    ledger = await TimedLedger.open(lifeQueues);
    await ledger.noteMoves();
  });
  afterAll(() => ledger?.close());

  test(
    'knows allowed moves only, one holder at a time, the order of keys and of pauses, and loses nothing',
    propertyOptions,
    async () => {
      const history = fc.asyncProperty(lives, async (events) => {
        await begin();
        for (const event of events) await play(event);
        await runOut();
        expect(await ledger.astray(ids), 'jobs that are not in exactly one place').toEqual([]);
        expect(await wrongMoves()).toEqual([]);
      });
      await fc.assert(history, properties({ examples }));
    },
  );

  async function begin(): Promise<void> {
    await ledger.begin();
    sessions = await ledger.newSessions(2);
    ids = [];
    claims = [];
    for (const kept of [holders, fences, paused]) kept.clear();
  }

  async function play(event: LifeEvent): Promise<void> {
    switch (event.kind) {
      case 'enqueue': {
        const jobs = event.jobs.map(({ expiresInMs, ...job }) => ({
          ...job,
          ...(expiresInMs && { expiresAt: new Date(ledger.now + expiresInMs).toISOString() }),
        }));
        ids.push(...(await ledger.insert(jobs)).map(({ id }) => id));
        return;
      }
      case 'turn':
        await ledger.turn(event.most);
        return;
      case 'claim':
        await claim(event.worker, event.most);
        return;
      case 'settle':
        return settle(some(claims.filter(isHeld), event.of), outcomeOf[event.outcome]);
      case 'settle late':
        return settle(
          some(
            claims.filter((job) => !isHeld(job) && holders.has(job.id)),
            event.of,
          ),
          outcomeOf[event.outcome],
        );
      case 'pause':
        paused.add(event.target);
        return ledger.pause(event.target);
      case 'resume':
        paused.delete(event.target);
        return ledger.resume(event.target);
      case 'bury':
        return bury(event.worker);
      case 'wait':
        return ledger.advance(event.ms);
      default:
        return steer(event.kind, event.of);
    }
  }

  /** The one at that place, if there is any. */
  const some = <T>(list: readonly T[], place: number): T[] =>
    list.length === 0 ? [] : [list[place % list.length] as T];
  const isHeld = ({ id, fence }: ClaimedJob): boolean => holders.get(id)?.fence === fence;

  /** What operators do to one of the jobs that are where it can be done to them. */
  async function steer(kind: 'cancel' | 'revive' | 'discard' | 'restore', place: number): Promise<void> {
    const one = (table: string) =>
      `array(select id from twolane.${table} order by id offset $1::int % greatest(1, (select count(*) from twolane.${table})) limit 1)`;
    const calls = {
      cancel: `select from twolane.cancel(${one('live')}, 'cancelled')`,
      revive: `select twolane.revive(${one('dead')})`,
      discard: `select twolane.discard(${one('dead')}, 10000)`,
      restore: `select twolane.restore(${one('discarded')})`,
    };
    await ledger.database.query(calls[kind], [place]);
  }

  /** Takes a turn and claims. Answers what is alive afterwards. */
  async function claim(worker: number, most: number): Promise<readonly LiveJob[]> {
    const { claimed, live } = await ledger.claim(sessions[worker] as number, most, { turn: true });
    for (const job of claimed) {
      const holder = holders.get(job.id);
      expect(holder, `job ${job.id} was claimed while somebody held it`).toBeUndefined();
      expect(job.fence, 'a fence only rises').toBeGreaterThan(fences.get(job.id) ?? 0);
      fences.set(job.id, job.fence);
      holders.set(job.id, { worker, fence: job.fence });
    }
    claims.push(...claimed);
    const ofThem = new Set(claimed.map(({ id }) => id));
    const hadToWait = live.filter((job) => ofThem.has(job.id) && (job.expired || isBehind(job, live) || isPaused(job)));
    expect(hadToWait, 'jobs that had to wait').toEqual([]);
    return live;
  }

  /** A smaller id of its key lives, or another one of it runs. */
  const isBehind = (job: LiveJob, live: readonly LiveJob[]): boolean =>
    job.key !== null &&
    live.some(
      ({ id, key, state }) =>
        key === job.key && (BigInt(id) < BigInt(job.id) || (id !== job.id && state === 'running')),
    );

  const isPaused = ({ queue, type, key }: LiveJob): boolean =>
    [...paused].some((target) =>
      typeof target === 'string' ? target === queue : 'type' in target ? target.type === type : target.key === key,
    );

  /** Only who holds a job is heard. */
  async function settle(jobs: readonly ClaimedJob[], outcome: Outcome): Promise<void> {
    if (jobs.length === 0) return;
    const ended = jobs.map(({ id, fence, type, attempt, max_attempts }): EndedJob => {
      const last = outcome.kind === 'retry' && attempt >= max_attempts;
      return { id, fence, type, outcome: last ? outcomeOf.dead : outcome };
    });
    const { settled } = await ledger.settle(ended);
    for (const job of jobs) {
      expect(settled.has(job.id), `fence ${job.fence} of job ${job.id} is heard`).toBe(isHeld(job));
      if (isHeld(job)) holders.delete(job.id);
    }
  }

  async function bury(worker: number): Promise<void> {
    await ledger.bury(sessions[worker] as number);
    sessions.splice(worker, 1, ...(await ledger.newSessions(1)));
    for (const [id, holder] of holders) if (holder.worker === worker) holders.delete(id);
  }

  /** Nothing is held back any more, and every attempt succeeds: all jobs end. */
  async function runOut(): Promise<void> {
    for (const target of paused) await play({ kind: 'resume', target });
    await ledger.advance(60_000);
    for (let rounds = 0; ; rounds += 1) {
      await settle(claims.filter(isHeld), outcomeOf.succeeded);
      const live = await claim(0, 1_000);
      if (live.length === 0) return;
      expect(rounds, `rounds until ${JSON.stringify(live)} have ended`).toBeLessThan(ids.length + 10);
    }
  }

  async function wrongMoves(): Promise<string[]> {
    const moves = await ledger.moves();
    return [...moves].flatMap(([id, states]) =>
      states
        .map((state, index) => [states[index - 1], state] as [JobState | undefined, JobState])
        .filter(([from, to]) => from !== undefined && !mayMove(from, to))
        .map(([from, to]) => `${id}: ${from} → ${to}`),
    );
  }
});
