/** How every lane starts, stops, counts, empties and fails: asked of all three implementations on real servers. */
import { describe, expect, test } from 'vitest';
import type { Delivery } from '../../src/contract/lane.ts';
import { limits } from '../../src/lanes/bulk/config.ts';
import { ack, envelopes, lanesUnderTest, publishAll } from '../support/lane-port.ts';
import { freshPrefix, testUrls, until } from '../support/stack.ts';
import { useLanes } from '../support/use-lanes.ts';

describe.each(lanesUnderTest)('the $name lane', (kind) => {
  const at = useLanes(kind);
  const { name, make } = kind;

  test('delivers nothing new after stop, and still takes the acks of what was handed over', async () => {
    const one = await at.consume(at.here, { buffer: 10 });
    await publishAll(at.here, at.queue, envelopes(30));
    await until('the buffer is full', () => one.deliveries.length === 10);
    await one.consumption.stop();
    for (const delivery of one.deliveries) delivery.ack();
    const two = await at.consume(at.there, { onEach: ack });
    await until('the other has the rest', () => two.deliveries.length >= 20);
    await one.consumption.close();
    await at.settled();
    expect(one.deliveries).toHaveLength(10);
    expect(two.deliveries).toHaveLength(20);
    expect(new Set([...one.ids(), ...two.ids()]).size).toBe(30);
  });

  test('loses no delivery when a consumer closes under load, and gives out none that was acked, if it had time to end', async () => {
    const sent = envelopes(3_000);
    const done = new Set<string>();
    const doubled: Delivery[] = [];
    const finish = (delivery: Delivery) => {
      const { id } = delivery.envelope;
      if (done.has(id)) doubled.push(delivery);
      done.add(id);
      delivery.ack();
    };
    let leaving = false;
    const one = await at.consume(at.here, {
      buffer: 100,
      onEach: (delivery) => {
        if (leaving) return delivery.release();
        finish(delivery);
      },
    });
    const publishing = publishAll(at.there, at.queue, sent);
    await until('it is in the middle of it', () => done.size > 500);
    leaving = true;
    const closingAt = performance.now();
    await one.consumption.stop();
    await one.consumption.close();
    const inTime = performance.now() - closingAt < limits.closeMs;
    await at.consume(at.there, { onEach: finish });
    await publishing;
    await until('all are done', () => done.size === sent.length);
    await at.settled();
    // A lane that gave up waiting for its broker may repeat what it could not tell it of, and says so with each delivery.
    expect(inTime ? doubled : doubled.filter(({ redelivered }) => !redelivered)).toEqual([]);
  });

  test('takes acks and releases at any moment of its end, and gives what came too late to others', async () => {
    const sent = envelopes(400);
    const one = await at.consume(at.here, { buffer: 400 });
    await publishAll(at.here, at.queue, sent);
    await until('the buffer is full', () => one.deliveries.length === 400);
    let closed = false;
    const closing = one.consumption.close().then(() => {
      closed = true;
    });
    for (const [n, delivery] of one.deliveries.entries()) {
      if (n % 2 === 0) delivery.ack();
      else delivery.release();
      if (n % 2 === 0 && !closed) await new Promise(setImmediate);
    }
    await closing;
    const two = await at.consume(at.there, { onEach: ack });
    const released = one.deliveries.filter((_, n) => n % 2 === 1).map(({ envelope }) => envelope.id);
    const haveCome = () => released.every((id) => two.ids().has(id));
    // What a BullMQ worker held comes when its locks are over.
    await until('the others have what was released', haveCome, { timeoutMs: 25_000 });
  });

  test('goes on with what comes after a consumer was made anew, and gives what it held once more', async () => {
    const one = await at.consume(at.here, { buffer: 5 });
    const sent = envelopes(8);
    await publishAll(at.there, at.queue, sent);
    await until('its buffer is full', () => one.deliveries.length === 5);
    const old = one.deliveries.splice(0);
    await one.consumption.rebuild();
    const done = new Set<string>();
    // What a BullMQ worker held comes when its locks are over.
    await until(
      'all have come on the new one',
      () => {
        for (const delivery of one.deliveries.splice(0)) {
          done.add(delivery.envelope.id);
          delivery.ack();
        }
        return done.size === sent.length;
      },
      { timeoutMs: 20_000 },
    );
    // Settled too late: it harms nothing.
    for (const delivery of old) delivery.ack();
    await at.settled();
  });

  test('gives what a closed consumer never settled to another one', async () => {
    const one = await at.consume(at.here, { buffer: 5 });
    const sent = envelopes(5);
    await publishAll(at.here, at.queue, sent);
    await until('it holds them', () => one.deliveries.length === 5);
    for (const delivery of one.deliveries.slice(0, 2)) delivery.ack();
    await one.consumption.close();
    const two = await at.consume(at.there, { onEach: ack });
    await until('the other has them', () => two.deliveries.length === 3);
    expect(two.ids()).toEqual(new Set(one.deliveries.slice(2).map(({ envelope }) => envelope.id)));
  });

  test('counts what waits, what is handed out and who consumes', async () => {
    await publishAll(at.here, at.queue, envelopes(12));
    await until('12 wait', async () => (await at.here.inspect(at.queue))?.ready === 12);
    expect(await at.here.inspect(at.queue)).toEqual({ ready: 12, unacked: 0, consumers: 0 });
    const { deliveries } = await at.consume(at.here, { buffer: 5 });
    await until('5 are handed out', () => deliveries.length === 5);
    await until('the counts agree', async () => {
      const depth = await at.here.inspect(at.queue);
      return depth?.ready === 7 && depth.unacked === 5 && depth.consumers === 1;
    });
    for (const delivery of deliveries) delivery.ack();
  });

  test('empties a queue on purge and carries on afterwards', async () => {
    await publishAll(at.here, at.queue, envelopes(100));
    await at.here.purge(at.queue);
    const { deliveries } = await at.consume(at.there, { onEach: ack });
    const sent = envelopes(3);
    await publishAll(at.here, at.queue, sent);
    await until('the new ones have come', () => sent.every(({ id }) => deliveries.some((d) => d.envelope.id === id)));
    expect(deliveries).toHaveLength(3);
  });

  test('keeps consuming when the queue is purged under it', async () => {
    const { ids, consumption } = await at.consume(at.here, { onEach: ack });
    await publishAll(at.here, at.queue, envelopes(1));
    await until('it consumes', () => ids().size === 1);
    await at.here.purge(at.queue);
    const [next] = envelopes(1);
    if (!next) throw new Error('no envelope');
    let silentSince = performance.now();
    await until('it consumes again', async () => {
      await publishAll(at.here, at.queue, [next]);
      // RabbitMQ 3.10 may forget to tell the consumer of a quorum queue that was deleted and declared again in one moment.
      // A worker notices that nothing comes (see canary.test.ts) and does this:
      if (performance.now() - silentSince > 5_000) {
        silentSince = performance.now();
        await consumption.rebuild();
      }
      return ids().has(next.id);
    });
  });

  test('keeps queues apart', async () => {
    const { deliveries } = await at.consume(at.here, { onEach: ack });
    await at.here.publish(`${at.queue}-other`, envelopes(5));
    at.queues.push(`${at.queue}-other`);
    await publishAll(at.here, at.queue, envelopes(5));
    await until('its own have come', () => deliveries.length >= 5);
    expect(deliveries).toHaveLength(5);
    expect((await at.here.inspect(`${at.queue}-other`))?.ready).toBe(5);
  });

  test('is up and tells its server', async () => {
    expect(at.here.isUp()).toBe(true);
    const told: Record<string, object> = {
      memory: { server: 'memory' },
      realtime: { server: expect.stringMatching(/^RabbitMQ \d+\.\d+/), note: 'no alarm' },
      bulk: {
        server: expect.stringMatching(/^Redis \d+\.\d+/),
        note: expect.stringMatching(/^noeviction, (no )?AOF$/),
        memory: { used: expect.any(Number), most: null },
        disk: { free: null, least: null, used: expect.any(Number) },
      },
    };
    expect(await at.here.health()).toEqual({ up: true, ...told[name.split(' ')[0] as string] });
  });

  test('answers within 3 s that nothing was published while its broker is down, and throws nothing', async () => {
    const lane = kind.unreachable();
    try {
      await lane.start();
      const sent = envelopes(1_000);
      const startedAt = performance.now();
      const publication = await lane.publish(at.queue, sent);
      expect(performance.now() - startedAt).toBeLessThan(3_000);
      expect(publication.confirmed).toBe(0);
      expect(new Set(publication.unconfirmed)).toEqual(new Set(sent.map(({ id }) => id)));
      expect(lane.isUp()).toBe(false);
      expect(await lane.inspect(at.queue)).toBeUndefined();
      expect((await lane.health()).up).toBe(false);
    } finally {
      await lane.close();
    }
  });

  test('says where it looked and what to do when it does not get ready, without the password', async () => {
    const lane = kind.unreachable();
    try {
      const error = await lane.ready(1_000).then(
        () => undefined,
        (reason: Error) => reason,
      );
      const cure = name === 'memory' ? /switch its power on/ : /127\.0\.0\.1:1 .*(AMQP_URL|REDIS_URL)/;
      expect(error?.message).toMatch(cure);
      expect(error?.message).not.toContain('secret');
    } finally {
      await lane.close();
    }
  });

  test('closes while a consumer runs, and a second time', async () => {
    const [lane] = make(testUrls(), freshPrefix());
    await lane.ready(10_000);
    await lane.consume(at.queue, { buffer: 10 }, ack);
    await lane.close();
    await lane.close();
    if (name !== 'memory') expect((await lane.publish(at.queue, envelopes(1))).unconfirmed).toHaveLength(1);
  });
});
