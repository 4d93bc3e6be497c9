/**
 * The life of jobs under random histories in virtual time: enqueue, release, claim, outcomes told by holders and by those
 * who hold nothing any more, cancel, retry, discard, restore, pause, crash and take-over, in any order.
 */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type JobState, mayMove, type Outcome, type PauseTarget } from '../../../src/contract/index.ts';
import type { ClaimedJob } from '../../../src/ledger/claim.ts';
import type { EndedJob } from '../../../src/ledger/settle.ts';
import { type LifeEvent, lifeQueues, lives, type outcomes, pauseTargets } from '../../support/life-histories.ts';
import { properties, propertyTimeoutMs } from '../../support/properties.ts';
import { TimedLedger } from '../../support/timed-ledger.ts';

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
  });
  afterAll(() => ledger?.close());

  test(
    'knows allowed moves only, one holder at a time, the order of keys and of pauses, and loses nothing',
    async () => {
      const history = fc.asyncProperty(lives, async (events) => {
        await begin();
        for (const event of events) await play(event);
        await runOut();
        expect(await ledger.astray(ids), 'jobs that are not in exactly one place').toEqual([]);
        expect(await wrongMoves()).toEqual([]);
      });
      // A history is some 60 statements.
      await fc.assert(history, properties({}, 100));
    },
    5 * propertyTimeoutMs(),
  );

  async function begin(): Promise<void> {
    await ledger.reset();
    sessions = [await ledger.newSession(), await ledger.newSession()];
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
        await ledger.turn(event.most);
        return claim(event.worker, event.most);
      case 'settle':
        return settle(at(claims.filter(isHeld), event.of), outcomeOf[event.outcome]);
      case 'settle late':
        return settle(
          at(
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

  const at = <T>(list: readonly T[], place: number): T | undefined => list[place % list.length];
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

  async function claim(worker: number, most: number): Promise<void> {
    const claimed = await ledger.claim(sessions[worker] as number, most);
    for (const job of claimed) {
      const holder = holders.get(job.id);
      expect(holder, `job ${job.id} was claimed while somebody held it`).toBeUndefined();
      expect(job.fence, 'a fence only rises').toBeGreaterThan(fences.get(job.id) ?? 0);
      fences.set(job.id, job.fence);
      holders.set(job.id, { worker, fence: job.fence });
    }
    claims.push(...claimed);
    if (claimed.length > 0) expect(await wrongClaims(claimed), 'jobs that had to wait').toEqual([]);
  }

  /** Of the jobs just claimed: those behind a smaller live id of their key, paused or expired. */
  async function wrongClaims(claimed: readonly ClaimedJob[]): Promise<unknown[]> {
    const names = (of: 'type' | 'key') =>
      [...paused].flatMap((target) => (of in Object(target) ? [Object(target)[of]] : []));
    const { rows } = await ledger.database.query(
      `select l.id, l.key, l.type, l.queue from twolane.live l where l.id = any($1) and (l.expires_at <= now()
         or exists (select from twolane.live s where s.key = l.key and (s.id < l.id or s.id <> l.id and s.state = 'running'))
         or l.queue = any($2) or l.type = any($3) or l.key = any($4))`,
      [
        `{${claimed.map(({ id }) => id).join(',')}}`,
        [...paused].filter((target) => typeof target === 'string'),
        names('type'),
        names('key'),
      ],
    );
    return rows;
  }

  /** Only who holds the job is heard. */
  async function settle(job: ClaimedJob | undefined, outcome: Outcome): Promise<void> {
    if (!job) return;
    const holds = isHeld(job);
    const ended: EndedJob = { id: job.id, fence: job.fence, type: job.type, outcome };
    if (outcome.kind === 'retry' && job.attempt >= job.max_attempts) ended.outcome = outcomeOf.dead;
    const { settled } = await ledger.settle([ended]);
    expect(settled.has(job.id), `fence ${job.fence} of job ${job.id} is heard`).toBe(holds);
    if (holds) holders.delete(job.id);
  }

  async function bury(worker: number): Promise<void> {
    await ledger.bury(sessions[worker] as number);
    sessions[worker] = await ledger.newSession();
    for (const [id, holder] of holders) if (holder.worker === worker) holders.delete(id);
  }

  /** Nothing is held back any more, and every attempt succeeds: all jobs end. */
  async function runOut(): Promise<void> {
    for (const target of pauseTargets) await play({ kind: 'resume', target });
    await ledger.advance(60_000);
    for (let rounds = 0; (await ledger.live()).length > 0; rounds += 1) {
      expect(rounds, `rounds until ${JSON.stringify(await ledger.live())} have ended`).toBeLessThan(ids.length + 10);
      for (const job of claims.filter(isHeld)) await settle(job, outcomeOf.succeeded);
      await ledger.turn(1_000);
      await claim(0, 1_000);
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
