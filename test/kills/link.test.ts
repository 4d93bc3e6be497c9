/** Brokers are killed, wiped, frozen and closed under the lanes: both publishing and consuming come back by themselves. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { StackServer } from '../../scripts/stack/index.ts';
import type { Lane } from '../../src/contract/index.ts';
import { ack, envelopes, lanesUnderTest, type Watched, watch } from '../support/lane-port.ts';
import { long, longUnless } from '../support/long.ts';
import { freshPrefix, privateStack, until } from '../support/stack.ts';

/** From the moment the broker answers again until work flows. */
const resumeMs = 10_000;
/** A frozen broker is noticed by its silence first; what a dead process held in BullMQ comes back after its lock. */
const silenceMs = 30_000;
/** A broker that was killed needs a while to start on a busy machine. */
const patient = { timeout: 120_000 };

type PrivateStack = Awaited<ReturnType<typeof privateStack>>;
const brokers = lanesUnderTest.flatMap((lane) => {
  if (lane.name === 'memory') return [];
  return [{ ...lane, broker: lane.name.startsWith('realtime') ? ('rabbitmq' as const) : ('redis' as const) }];
});

// RabbitMQ takes long for each of these; npm test kills it under the whole system instead.
for (const { name, broker, make } of brokers)
  describe(`the link of the ${name} lane`, longUnless(broker === 'redis'), () => {
    let publishing: Lane;
    let working: Lane;
    let stack: PrivateStack;
    let server: StackServer;
    let worker: Watched;

    beforeAll(async () => {
      stack = await privateStack({ only: [broker] });
    }, 120_000);
    afterAll(() => stack.remove());

    beforeEach(async () => {
      server = stack.server(broker);
      [publishing, working] = make(stack.urls, freshPrefix());
      await Promise.all([publishing.ready(20_000), working.ready(20_000)]);
      worker = await watch(working, 'link', { onEach: ack });
      await flows(10_000);
    });

    afterEach(async () => {
      await Promise.all([publishing.close(), working.close()]);
    });

    /** RabbitMQ 3.10 writes the name of a new queue down some seconds later; a test of its own kills it before. */
    async function oldEnough(): Promise<void> {
      if (broker === 'rabbitmq') await new Promise((resolve) => setTimeout(resolve, 4_000));
    }

    /** Waits until a job that is published now arrives. */
    async function flows(timeoutMs: number): Promise<void> {
      const [probe] = envelopes(1);
      await until(
        'published jobs arrive',
        async () => {
          if (probe) await publishing.publish('link', [probe]);
          return worker.ids().has(probe?.id ?? '');
        },
        { timeoutMs },
      );
    }

    /** Publishes until it fails, which shows that the injury was real. A silent broker may take 5 s to be found out. */
    async function publishingFails(): Promise<void> {
      await until('a publish fails', async () => {
        const startedAt = performance.now();
        const { unconfirmed } = await publishing.publish('link', envelopes(10));
        expect(performance.now() - startedAt).toBeLessThan(6_000);
        return unconfirmed.length > 0;
      });
    }

    test('comes back by itself after the broker was killed and started again', patient, async () => {
      const pid = server.pid;
      await oldEnough();
      await server.kill();
      await publishingFails();
      expect(publishing.isUp()).toBe(false);
      expect((await publishing.health()).up).toBe(false);
      await server.start();
      expect(server.pid).not.toBe(pid);
      await flows(resumeMs);
      expect((await publishing.health()).up).toBe(true);
    });

    test('loses nothing that was confirmed when the broker is killed in the middle of it', patient, async () => {
      await oldEnough();
      const confirmed = new Set<string>();
      const before = worker.deliveries.length;
      let go = true;
      const producing = (async () => {
        while (go) {
          const batch = envelopes(100);
          const unconfirmed = new Set((await publishing.publish('link', batch)).unconfirmed);
          for (const { id } of batch) if (!unconfirmed.has(id)) confirmed.add(id);
          // Like the dispatcher, it runs only so far ahead of the worker.
          const farAhead = confirmed.size - worker.ids().size > 1_000;
          if (unconfirmed.size > 0 || farAhead) await new Promise((resolve) => setTimeout(resolve, 20));
        }
      })();
      await until('some are through', () => confirmed.size > 1_000 && worker.deliveries.length > before + 500);
      const atKill = confirmed.size;
      await server.kill();
      await publishingFails();
      await server.start();
      await until('it publishes again', () => confirmed.size > atKill + 1_000, { timeoutMs: 2 * resumeMs });
      go = false;
      await producing;
      await until('everything that was confirmed has come', () => [...confirmed].every((id) => worker.ids().has(id)), {
        timeoutMs: silenceMs,
        everyMs: 250,
      });
    });

    test('comes back by itself after the broker was wiped', patient, async () => {
      await publishing.publish('left-behind', envelopes(20));
      await until('they wait', async () => (await publishing.inspect('left-behind'))?.ready === 20);
      await server.wipe();
      await until('they are gone', async () => (await publishing.inspect('left-behind'))?.ready === 0);
      await flows(resumeMs);
    });

    test('answers in time while the broker is frozen, and goes on when it moves again', patient, async () => {
      const pid = server.pid as number;
      process.kill(pid, 'SIGSTOP');
      try {
        await publishingFails();
        await until('it is noticed', async () => !publishing.isUp());
        const startedAt = performance.now();
        const { confirmed } = await publishing.publish('link', envelopes(1_000));
        expect(confirmed).toBe(0);
        expect(performance.now() - startedAt).toBeLessThan(3_000);
        expect((await publishing.health()).up).toBe(false);
      } finally {
        process.kill(pid, 'SIGCONT');
      }
      await flows(silenceMs);
    });

    test('notices a broker that stays frozen for longer than its heartbeat, and comes back', {
      ...patient,
      ...long,
    }, async () => {
      const pid = server.pid as number;
      process.kill(pid, 'SIGSTOP');
      try {
        await publishingFails();
        await new Promise((resolve) => setTimeout(resolve, 16_000));
        expect(publishing.isUp()).toBe(false);
      } finally {
        process.kill(pid, 'SIGCONT');
      }
      await flows(silenceMs);
    });

    test('closes in time while the broker is frozen', long, async () => {
      const pid = server.pid as number;
      process.kill(pid, 'SIGSTOP');
      try {
        const startedAt = performance.now();
        await working.close();
        expect(performance.now() - startedAt).toBeLessThan(15_000);
      } finally {
        process.kill(pid, 'SIGCONT');
      }
    });
  });
