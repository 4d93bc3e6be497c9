/** The test kit itself: time that moves when it is told to, spies, and an installation without a server. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { defineJob, defineSchedule, RetryAfterError } from '../../../src/contract/index.ts';
import { createTestTwolane, type TestTwolane } from '../../../src/testing/index.ts';
import { snippetsOf } from '../../support/snippets.ts';

const ship = defineJob({
  type: 'ship-order',
  lane: 'realtime',
  queue: 'orders',
  payload: z.object({ order: z.string(), fails: z.number().default(0) }),
  result: z.object({ parcel: z.string() }),
  maxAttempts: 3,
  backoff: { delayMs: 60_000, jitter: 'none' },
});
const sweep = defineJob({ type: 'sweep-carts', lane: 'bulk', queue: 'night', payload: z.object({}) });
const wait = defineJob({
  type: 'wait-for-carrier',
  lane: 'bulk',
  queue: 'night',
  payload: z.object({ hours: z.number(), deaf: z.boolean().default(false) }),
  timeoutMs: 2 * 3_600_000,
  maxAttempts: 1,
  isolated: true,
});
const pack = defineJob({
  type: 'pack-orders',
  lane: 'bulk',
  queue: 'packing',
  payload: z.object({ order: z.string() }),
  batch: { size: 10, waitMs: 10_000 },
});
const catalog = { 'ship-order': ship, 'sweep-carts': sweep, 'wait-for-carrier': wait, 'pack-orders': pack };
const start = '2026-03-01T12:00:00.000Z';

/** Lines without what differs from test to test. */
const shapeOf = (text: string) =>
  text
    .trim()
    .split('\n')
    .map((line) =>
      line
        .replace(/\w+-order/g, 'TYPE')
        .replace(/\{[^}]*\}/g, '{}')
        .replace(/\d{15,}/g, 'ID')
        .replace(/\d{4}-[\dT:.-]+Z/g, 'TIME')
        .replace(/within \d+/, 'within N')
        .replace(/failed: [^;]+;/, 'failed: WHY;'),
    );

describe('A test installation', () => {
  let t: TestTwolane;
  const runs: string[] = [];
  const seen = () => runs.splice(0);
  beforeAll(async () => {
    t = await createTestTwolane({
      catalog,
      now: start,
      patienceMs: 300,
      schedules: [
        defineSchedule({ name: 'nightly', job: sweep, payload: {}, cron: '30 2 * * *', timeZone: 'Europe/Berlin' }),
      ],
      handlers: ({ clock }) => {
        const note = (what: string) => runs.push(`${new Date(clock.now()).toISOString().slice(5, 16)} ${what}`);
        return {
          'ship-order': async ({ order, fails }, context) => {
            note(`${order} ${context.attempt}`);
            context.progress(50, 'packed');
            context.log('Packed');
            if (order === 'later') throw new RetryAfterError('The shop is closed', 3_600_000);
            if (context.attempt <= fails) throw new Error(`No parcel for ${order}`);
            return { parcel: `parcel of ${order}` };
          },
          'sweep-carts': async () => void note('sweep'),
          'wait-for-carrier': async ({ hours, deaf }, { signal }) => {
            note('waits');
            if (deaf) await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
            await clock.sleep(`${hours}h`, signal);
            note('has waited');
          },
          'pack-orders': async (items) => void note(`packs ${items.length}`),
        };
      },
    });
  });
  afterAll(() => t?.close());
  beforeEach(() => void seen());

  test('runs what is due at once, and says what became of it', async () => {
    const { id } = await t.enqueue(ship, { order: 'a' });
    await t.drain();
    expect(seen()).toEqual(['03-01T12:00 a 1']);
    const job = await t.job(id);
    expect(job).toMatchObject({ state: 'succeeded', result: { parcel: 'parcel of a' }, progress: { note: 'packed' } });
    expect(job?.enqueuedAt).toBe(start);
    expect(job?.finishedAt).toBe(start);
    expect((await t.operations.logs(id, {})).items).toMatchObject([{ at: start, message: 'Packed' }]);
  });

  test('moves the time of handlers, back-off, delays, schedules and the ledger together, stopping where something is due', async () => {
    await t.enqueue(ship, { order: 'b', fails: 2 });
    await t.enqueue(ship, { order: 'c' }, { delayMs: 90 * 60_000 });
    const { id } = await t.enqueue(ship, { order: 'd' }, { delayMs: 7_200_000, expiresAt: '2026-03-01T13:00:00Z' });
    await t.clock.advance('1h 29m');
    expect(seen()).toEqual(['03-01T12:00 b 1', '03-01T12:01 b 2', '03-01T12:03 b 3']);
    expect(await t.job(id)).toMatchObject({
      state: 'cancelled',
      reason: 'expired',
      finishedAt: '2026-03-01T13:00:00.000Z',
    });
    await t.clock.advance('1m');
    expect(seen()).toEqual(['03-01T13:30 c 1']);
    await t.clock.advance('2d');
    expect(seen()).toEqual(['03-02T01:30 sweep', '03-03T01:30 sweep']);
    const { rows } = await t.database.query<{ now: Date }>('select now()');
    expect(rows[0]?.now.getTime()).toBe(t.clock.now());
    expect(new Date(t.clock.now()).toISOString()).toBe('2026-03-03T13:30:00.000Z');
  });

  test('lets handlers sleep on its clock, and times them out by it', async () => {
    await t.enqueue(wait, { hours: 1 });
    await t.drain();
    await t.clock.advance('59m');
    expect(seen().map((run) => run.slice(12))).toEqual(['waits']);
    await t.clock.advance('1m');
    expect(seen().map((run) => run.slice(12))).toEqual(['has waited']);
    const { id } = await t.enqueue(wait, { hours: 3 });
    await t.clock.advance('2h');
    expect(await t.job(id)).toMatchObject({ state: 'dead', attempts: [{ outcome: 'timed_out' }] });
  });

  test('says so when a handler does not end, and goes on once it does', async () => {
    const { id } = await t.enqueue(wait, { hours: 0, deaf: true });
    await expect(t.drain()).rejects.toMatchObject({
      code: 'still_busy',
      message: expect.stringContaining('wait-for-carrier'),
    });
    await t.operations.cancel(id);
    await t.drain();
    expect(await t.job(id)).toMatchObject({ state: 'cancelled' });
  });

  test('gathers batches for as long as their type says', async () => {
    await t.enqueueMany(['x', 'y', 'z'].map((order) => ({ job: pack, payload: { order } })));
    await t.clock.advance('9s');
    expect(seen()).toEqual([]);
    await t.clock.advance('1s');
    expect(seen().map((run) => run.slice(12))).toEqual(['packs 3']);
  });

  test('works on when a broker was down or forgot everything', async () => {
    t.lanes.realtime.switchPower(false);
    const { id } = await t.enqueue(ship, { order: 'e' });
    await t.drain();
    expect(await t.job(id)).toMatchObject({ state: 'waiting' });
    t.lanes.realtime.switchPower(true);
    t.lanes.realtime.wipe();
    await t.drain();
    expect(await t.job(id)).toMatchObject({ state: 'succeeded' });
  });

  describe('Spies', () => {
    test('answer the first job that fits, without moving the clock', async () => {
      const spy = t.spy(ship);
      await t.enqueue(ship, { order: 'f', fails: 3 });
      expect(await spy.enqueued({ order: 'f' })).toMatchObject({ payload: { order: 'f', fails: 3 } });
      expect(await spy.failed((payload: { order: string }) => payload.order === 'f')).toMatchObject({
        state: 'scheduled',
      });
      await t.clock.advance('10m');
      expect(await spy.dead({ order: 'f' })).toMatchObject({ error: { message: 'No parcel for f' } });
      expect(await spy.succeeded({ order: 'a' })).toMatchObject({ result: { parcel: 'parcel of a' } });
      expect((await spy.jobs()).length).toBeGreaterThan(3);
    });

    test('say what did happen when nothing fits', async () => {
      await t.enqueue(ship, { order: 'later' });
      await t.drain();
      const missed = t.spy(ship).succeeded({ order: 'later' }, { timeoutMs: 50 });
      await expect(missed).rejects.toThrow(
        /No ship-order succeeded with {"order":"later"} within 50 ms.*This happened:/s,
      );
      await expect(missed).rejects.toThrow(
        /is scheduled \(attempt 1 failed: The shop is closed; due at .*: advance the clock\)/,
      );
      const said = shapeOf(String(await missed.catch(({ message }: Error) => message)));
      const [page] = snippetsOf('docs/testing.md').filter(({ language }) => language === 'text');
      expect(said).toEqual(expect.arrayContaining(shapeOf(page?.code ?? '')));
      await expect(t.spy({ type: 'nothing' }).dead(undefined, { timeoutMs: 1 })).rejects.toThrow('No job of this type');
    });
  });

  test('refuses what is no stretch of time', async () => {
    await expect(async () => t.clock.advance('soon')).rejects.toThrow('"soon" is no stretch of time');
  });

  test('is empty again for the next test', async () => {
    await t.close();
    t = await createTestTwolane({ catalog: { 'sweep-carts': sweep }, handlers: { 'sweep-carts': async () => {} } });
    expect(await t.spy(ship).jobs()).toEqual([]);
    expect(Math.abs(t.clock.now() - Date.now())).toBeLessThan(60_000);
    await t.enqueue(sweep, {});
    await t.spy(sweep).succeeded();
  });
});
