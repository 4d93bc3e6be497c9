/** Dispatch under random work in virtual time: the window, priorities, turns between tenants, limits, rates and expiry hold at every step. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { priorities } from '../../src/contract/index.ts';
import type { ClaimedJob } from '../../src/ledger/claim.ts';
import { registerLimits } from '../../src/ledger/limits.ts';
import { type DispatchEvent, type DispatchedType, dispatched, dispatches } from '../support/dispatch-histories.ts';
import { properties, propertyOptions } from '../support/properties.ts';
import { type LiveJob, TimedLedger } from '../support/timed-ledger.ts';

/**
 * In one turn, tenants that have more to do than it released differ by at most so many released jobs. Of each tenant the jobs
 * that wait stand one behind the other, a turn apart, and the first of them at most one turn behind the front: one job at
 * either end of what was released.
 */
const apart = 2;
/**
 * A limited job is let in so many turns behind the front, at most, as jobs of its type may be in the outbox (of types with
 * limits per key: 2 of each of two keys), and what its tenant asks for next stands behind it. The front only moves on, so
 * this many turns behind it everybody's jobs follow each other again.
 */
const letInBehindTheFront = 4;

describe('Dispatch', () => {
  let ledger: TimedLedger;
  let session = 0;
  let running: ClaimedJob[] = [];
  let ids: string[] = [];
  /** Plain jobs that expire: the turns of those that did are lost to their tenant. */
  let expiring: { line: string; at: number }[] = [];
  /** Tenants and priorities with jobs that limits concern, in this history. */
  const limitedLines = new Set<string>();
  /** When jobs of a type, or of a type and key, were started. */
  const starts = new Map<string, number[]>();

  beforeAll(async () => {
    ledger = await TimedLedger.open(['realtime/life']);
    await registerLimits(ledger.database, dispatched);
    // Straight to the broker is the way around the dispatcher; here everything takes its turn.
    await ledger.value('update twolane.queues set held = true where queue = $1', ['realtime/life']);
  });
  afterAll(() => ledger?.close());

  test(
    'keeps window, priority, turns, limits, rates and expiry, and runs everything in the end',
    propertyOptions,
    async () => {
      const history = fc.asyncProperty(dispatches, async (events) => {
        await begin();
        for (const event of events) await play(event);
        await runOut();
        expect(await ledger.astray(ids)).toEqual([]);
      });
      await fc.assert(history, properties());
    },
  );

  async function begin(): Promise<void> {
    await ledger.begin();
    [session] = (await ledger.newSessions(1)) as [number];
    running = [];
    ids = [];
    expiring = [];
    starts.clear();
    limitedLines.clear();
  }

  async function play(event: DispatchEvent): Promise<void> {
    switch (event.kind) {
      case 'enqueue': {
        const jobs = event.jobs.map(({ expiresInMs, ...job }) => ({
          ...job,
          ...(expiresInMs && { expiresAt: new Date(ledger.now + expiresInMs).toISOString() }),
        }));
        for (const { tenant = '', priority, expiresInMs, limitKey } of event.jobs) {
          const line = lineOf(tenant, priorities.indexOf(priority));
          if (limitKey !== undefined) limitedLines.add(line);
          else if (expiresInMs) expiring.push({ line, at: ledger.now + expiresInMs });
        }
        ids.push(...(await ledger.insert(jobs)).map(({ id }) => id));
        return;
      }
      case 'turn':
        await turn(event.window);
        return;
      case 'claim':
        return claim(event.most);
      case 'finish':
        return finish(event.most);
      default:
        return ledger.advance(event.ms);
    }
  }

  /** Answers what is alive afterwards. */
  async function turn(window: number): Promise<readonly LiveJob[]> {
    const { before, released, live } = await ledger.turn(window);
    const ofThem = new Set(released);
    const inFlight = live.filter(({ state }) => state === 'queued').length;
    // Urgent and high jobs may go some way beyond a window that is full.
    const usual = live.some(({ id, prio }) => ofThem.has(id) && prio >= 2);
    const beyond = usual ? 0 : Math.min(window, Math.max(4, window / 8));
    expect(inFlight, 'released and unclaimed').toBeLessThanOrEqual(Math.max(window, before) + beyond);
    checkOrder(live, ofThem);
    checkLimits(live);
    return live;
  }

  /** Among jobs without key and limit: the more urgent first, and tenants in turns. */
  function checkOrder(jobs: readonly LiveJob[], released: ReadonlySet<string>): void {
    const plain = jobs.filter(({ limit_key, key }) => limit_key === null && key === null);
    const gone = plain.filter(({ id }) => released.has(id));
    const left = plain.filter(({ waiting }) => waiting);
    if (gone.length === 0 || left.length === 0) return;
    const least = Math.max(...gone.map(({ prio }) => prio));
    expect(least, 'the least urgent job released').toBeLessThanOrEqual(Math.min(...left.map(({ prio }) => prio)));
    const tenants = [...new Set(left.filter(({ prio }) => prio === least).map(({ tenant }) => tenant))];
    const turnsOf = (tenant: string) => gone.filter((job) => job.prio === least && job.tenant === tenant).length;
    const most = Math.max(...tenants.map(turnsOf));
    for (const tenant of tenants) {
      const line = lineOf(tenant, least);
      expect(most - turnsOf(tenant), 'turns of tenants that have more to do').toBeLessThanOrEqual(
        apart + lostBy(line) + (limitedLines.has(line) ? letInBehindTheFront : 0),
      );
    }
  }

  const lineOf = (tenant: string, prio: number) => `${tenant} ${prio}`;
  const lostBy = (of: string) => expiring.filter(({ line, at }) => line === of && at <= ledger.now).length;

  function checkLimits(jobs: readonly LiveJob[]): void {
    const holding = (type: DispatchedType) =>
      jobs.filter((job) => job.type === type && job.holds && job.limit_key !== null);
    expect(holding('few').length, 'jobs of the type few at once').toBeLessThanOrEqual(2);
    for (const key of ['k1', 'k2']) {
      const ofKey = holding('few-per-key').filter((job) => job.limit_key === key);
      expect(ofKey.length, `jobs of ${key} at once`).toBeLessThanOrEqual(2);
    }
  }

  async function claim(most: number): Promise<void> {
    const { claimed, live } = await ledger.claim(session, most);
    running.push(...claimed);
    for (const { type, key } of claimed) {
      if (type === 'rated') checkRate(type, 3);
      if (type === 'rated-per-key' && key !== null) checkRate(`${type} ${key}`, 2);
    }
    const ofThem = new Set(claimed.map(({ id }) => id));
    expect(
      live.filter(({ id, expired }) => expired && ofThem.has(id)),
      'expired jobs that started',
    ).toEqual([]);
    checkLimits(live);
  }

  /** So many starts in any ten seconds. */
  function checkRate(what: string, count: number): void {
    const times = [...(starts.get(what) ?? []), ledger.now];
    starts.set(what, times);
    const lately = times.filter((at) => at > ledger.now - 10_000).length;
    expect(lately, `starts of ${what} in ten seconds`).toBeLessThanOrEqual(count);
  }

  async function finish(most: number): Promise<void> {
    const ended = running.splice(0, most);
    if (ended.length === 0) return;
    const outcome = { kind: 'succeeded', result: null } as const;
    const { settled } = await ledger.settle(ended.map(({ id, fence, type }) => ({ id, fence, type, outcome })));
    expect(settled.size).toBe(ended.length);
  }

  /** Rates need time, everything else needs turns only. */
  async function runOut(): Promise<void> {
    for (let rounds = 0; ; rounds += 1) {
      await finish(1_000);
      const live = await turn(1_000);
      if (live.length === 0) return;
      expect(rounds, `rounds until ${JSON.stringify(live)} have ended`).toBeLessThan(2 * ids.length + 10);
      await claim(1_000);
      if (running.length === 0) await ledger.advance(11_000);
    }
  }
});
