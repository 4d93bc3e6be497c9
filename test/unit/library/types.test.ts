/** What the compiler promises an app: `npm run types` fails when a wrong call compiles, these tests when a right one does not run. */
import { describe, expectTypeOf, test } from 'vitest';
import { z } from 'zod';
import { createTwolane, defineJob, type EnqueuedJob, type Handler, type TwolaneOptions } from '../../../src/index.ts';

const sendReceipt = defineJob({
  type: 'send-receipt',
  lane: 'realtime',
  queue: 'mail',
  payload: z.object({ orderId: z.string(), copies: z.number().default(1) }),
  result: z.object({ sent: z.number() }),
});
const catalog = { 'send-receipt': sendReceipt };
const config = { DATABASE_URL: 'postgres://h/d', REDIS_URL: 'redis://h', AMQP_URL: 'amqp://h' };

describe('The types of an app', () => {
  test('a payload is given as it is written and taken as it was parsed', () => {
    const twolane = createTwolane({ config, catalog, handlers: { 'send-receipt': async () => ({ sent: 1 }) } });
    const enqueue = () => twolane.enqueue(sendReceipt, { orderId: '7' });
    expectTypeOf(enqueue).returns.toEqualTypeOf<Promise<EnqueuedJob>>();
    // @ts-expect-error an order id is text
    void (() => twolane.enqueue(sendReceipt, { orderId: 7 }));
    // @ts-expect-error an order id is needed
    void (() => twolane.enqueue(sendReceipt, {}));
    // @ts-expect-error there is no such priority
    void (() => twolane.enqueue(sendReceipt, { orderId: '7' }, { priority: 'soon' }));
    expectTypeOf<Parameters<Handler<typeof sendReceipt>>[0]>().toEqualTypeOf<{ orderId: string; copies: number }>();
  });

  test('every job type has a handler, and each answers what its job type says', () => {
    type Handlers = TwolaneOptions<typeof catalog>['handlers'];
    expectTypeOf<{ 'send-receipt': Handler<typeof sendReceipt> }>().toExtend<Handlers>();
    expectTypeOf<Record<string, never>>().not.toExtend<Handlers>();
    // @ts-expect-error the handler is missing
    void (() => createTwolane({ config, catalog, handlers: {} }));
    // @ts-expect-error it answers something else
    void (() => createTwolane({ config, catalog, handlers: { 'send-receipt': async () => ({ sent: 'one' }) } }));
    void (() =>
      createTwolane({
        config,
        catalog,
        handlers: (services) => ({
          'send-receipt': async (payload, context) => {
            expectTypeOf(payload).toEqualTypeOf<{ orderId: string; copies: number }>();
            expectTypeOf(context.attempt).toEqualTypeOf<number>();
            expectTypeOf(services.enqueuer.enqueue).toBeFunction();
            return { sent: payload.copies };
          },
        }),
      }));
  });

  test('the three servers are needed, and no setting is invented', () => {
    // @ts-expect-error PostgreSQL is missing
    void (() => createTwolane({ config: { REDIS_URL: '', AMQP_URL: '' }, catalog: {}, handlers: {} }));
    // @ts-expect-error there is no such setting
    void (() => createTwolane({ config: { ...config, TWOLANE_PREFX: 'shop' }, catalog: {}, handlers: {} }));
  });
});
