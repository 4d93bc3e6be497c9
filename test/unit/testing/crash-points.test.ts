/** Crash points: every step of a job's life is found and disturbed, careful handlers survive all of it, careless ones are named. */
import { expect, test, vi } from 'vitest';
import { z } from 'zod';
import { defineJob, type Handler } from '../../../src/contract/index.ts';
import { crashPoints } from '../../../src/testing/index.ts';

const mail = defineJob({ type: 'send-mail', lane: 'realtime', queue: 'mail', payload: z.object({ to: z.string() }) });
const charge = defineJob({
  type: 'charge-order',
  lane: 'bulk',
  queue: 'money',
  payload: z.object({ order: z.string(), cents: z.number() }),
});
const catalog = { 'charge-order': charge, 'send-mail': mail };

/** An account in another system, which knows the orders that it has charged. */
class Bank {
  cents = 0;
  readonly mails = new Set<string>();
  readonly orders = new Set<string>();
  /** @param once charges an order only once, however often it is asked */
  async charge(order: string, cents: number, once: boolean): Promise<void> {
    if (once && this.orders.has(order)) return;
    this.orders.add(order);
    this.cents += cents;
  }
}

const charges = (handler: (bank: Bank) => Handler<typeof charge>) => ({
  catalog,
  job: charge,
  payload: { order: 'o-1', cents: 500 },
  now: '2026-03-01T12:00:00Z',
  world: () => {
    const bank = new Bank();
    const sendMail: Handler<typeof mail> = async (_mail, { id }) => {
      bank.mails.add(id);
    };
    return { world: bank, handlers: { 'charge-order': handler(bank), 'send-mail': sendMail } };
  },
});

vi.setConfig({ testTimeout: 120_000 });

test('a handler whose effects may be repeated survives every crash', async () => {
  const report = await crashPoints({
    ...charges((bank) => async ({ order, cents }, context) => {
      context.progress(10, 'charging');
      await bank.charge(order, cents, true);
      context.progress(90);
      await context.enqueue(mail, { to: order }, { idempotencyKey: `mail ${context.id}` });
    }),
    invariant(bank, job) {
      expect(job.state).toBe('succeeded');
      expect(bank.cents).toBe(500);
      expect(bank.mails.size).toBe(1);
    },
  });
  expect(report.broken).toEqual([]);
  expect(report.runs.map(({ what }) => what)).toEqual([
    'undisturbed',
    'killed before claim',
    'killed after claim',
    'killed after ack',
    'killed before ctx.progress',
    'killed after ctx.progress',
    'killed before ctx.progress (2)',
    'killed after ctx.progress (2)',
    'killed before ctx.enqueue',
    'killed after ctx.enqueue',
    'killed before settle',
    'killed after settle',
    'frozen before ctx.enqueue until another worker has done the job',
    'frozen before settle until another worker has done the job',
    'delivered twice',
  ]);
});

test('a handler that charges again when it runs again is caught at the steps where it does', async () => {
  const report = await crashPoints({
    ...charges((bank) => async ({ order, cents }, context) => {
      context.progress(10);
      await bank.charge(order, cents, false);
      context.progress(90);
    }),
    invariant: (bank) => expect(bank.cents, 'cents on the bill').toBe(500),
  });
  expect(report.broken.map(({ what }) => what)).toEqual([
    'killed before ctx.progress (2)',
    'killed after ctx.progress (2)',
    'killed before settle',
    'frozen before settle until another worker has done the job',
  ]);
  expect(report.broken[0]?.broken).toContain('cents on the bill');
});

test('an effect inside ctx.settle happens once, also when its worker dies in the transaction or comes late', async () => {
  const report = await crashPoints({
    catalog,
    job: charge,
    payload: { order: 'o-1', cents: 500 },
    async world({ database }) {
      await database.query('drop table if exists public.bills; create table public.bills (order_name text, cents int)');
      const chargeOrder: Handler<typeof charge> = async ({ order, cents }, context) => {
        await context.settle(async (tx) => {
          await tx.query('insert into public.bills values ($1, $2)', [order, cents]);
        });
      };
      return { world: database, handlers: { 'charge-order': chargeOrder, 'send-mail': async () => {} } };
    },
    async invariant(database, job) {
      expect(job.state).toBe('succeeded');
      const { rows } = await database.query('select order_name, cents from public.bills');
      expect(rows).toEqual([{ order_name: 'o-1', cents: 500 }]);
    },
  });
  expect(report.broken).toEqual([]);
  expect(report.runs.map(({ what }) => what)).toEqual(
    expect.arrayContaining([
      'killed before settle (in its transaction)',
      'killed after settle (in its transaction)',
      'killed after commit',
      'frozen before ctx.settle until another worker has done the job',
    ]),
  );
});

test('says so when a job does not recover in the time that it has', async () => {
  const report = await crashPoints({
    ...charges(() => async () => {}),
    options: { delayMs: 7_200_000 },
    steps: () => false,
    recoverWithin: '1s',
    invariant: () => {},
  });
  expect(report.broken).toMatchObject([
    { what: 'undisturbed', broken: expect.stringMatching('has not ended') },
    { what: 'delivered twice' },
  ]);
});
