/** What every lane must do, said once against the port and asked of all three implementations on real servers. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Lane } from '../../src/contract/index.ts';
import { ack, envelopes, lanesUnderTest, publishAll, type Watched, watch } from '../support/lane-port.ts';
import { freshPrefix, testUrls, until } from '../support/stack.ts';

describe.each(lanesUnderTest)('the $name lane', ({ name, make, unreachable }) => {
  let here: Lane;
  let there: Lane;
  let queue: string;
  const queues: string[] = [];
  const consuming: Watched[] = [];

  async function consume(lane: Lane, options?: Parameters<typeof watch>[2]): Promise<Watched> {
    const watched = await watch(lane, queue, options);
    consuming.push(watched);
    return watched;
  }

  const settled = () =>
    until('nothing waits and nothing is unacked', async () => {
      const depth = await here.inspect(queue);
      return depth && depth.ready === 0 && depth.unacked === 0;
    });

  beforeAll(async () => {
    [here, there] = make(testUrls(), freshPrefix());
    await Promise.all([here.ready(10_000), there.ready(10_000)]);
  });

  beforeEach(() => {
    queue = `q${queues.length}`;
    queues.push(queue);
    return async () => {
      await Promise.all(consuming.splice(0).map(({ consumption }) => consumption.close()));
    };
  });

  afterAll(async () => {
    for (const used of queues) await here.purge(used);
    await Promise.all([here.close(), there.close()]);
  });

  test('delivers exactly what was published and confirmed, whole and unchanged', async () => {
    const sent = envelopes(2_500, 7);
    const publications = await Promise.all(
      [sent.slice(0, 1_000), sent.slice(1_000, 2_000), sent.slice(2_000)].map((batch) => here.publish(queue, batch)),
    );
    expect(publications.map(({ confirmed }) => confirmed)).toEqual([1_000, 1_000, 500]);
    expect(publications.flatMap(({ unconfirmed }) => unconfirmed)).toEqual([]);

    const { deliveries } = await consume(there, { onEach: ack });
    await until('all have come', () => deliveries.length >= sent.length);
    const byId = (a: { id: string }, b: { id: string }) => a.id.localeCompare(b.id);
    expect(deliveries.map(({ envelope }) => envelope).sort(byId)).toEqual(sent.toSorted(byId));
    await settled();
    expect(deliveries).toHaveLength(sent.length);
  });

  test('publishes nothing and says so when it is given nothing', async () => {
    expect(await here.publish(queue, [])).toEqual({ confirmed: 0, unconfirmed: [] });
  });

  test('delivers in the order of publishing to one consumer', async () => {
    const sent = envelopes(200);
    await here.publish(queue, sent);
    const { deliveries } = await consume(here, { buffer: 1, onEach: ack });
    await until('all have come', () => deliveries.length >= sent.length);
    expect(deliveries.map(({ envelope }) => envelope.id)).toEqual(sent.map(({ id }) => id));
  });

  test('forgets what was acked, in whatever order and however often', async () => {
    const first = await consume(here, { buffer: 50 });
    await here.publish(queue, envelopes(50));
    await until('the buffer is full', () => first.deliveries.length === 50);
    const mixed = first.deliveries.map((delivery, at) => ({ delivery, at: (at * 17) % 50 }));
    for (const { delivery } of mixed.sort((a, b) => a.at - b.at)) {
      delivery.ack();
      delivery.ack();
    }
    await first.consumption.close();
    const second = await consume(there);
    await here.publish(queue, envelopes(1));
    await until('the newcomer has come', () => second.deliveries.length > 0);
    expect(second.deliveries).toHaveLength(1);
  });

  test('gives a released delivery to a consumer again, and an acked neighbour to nobody', async () => {
    const given = new Map<string, number>();
    const sent = envelopes(40);
    const released = new Set(sent.filter((_, at) => at % 2 === 0).map(({ id }) => id));
    await consume(here, {
      buffer: 40,
      onEach: (delivery) => {
        const times = (given.get(delivery.envelope.id) ?? 0) + 1;
        given.set(delivery.envelope.id, times);
        if (times === 1 && released.has(delivery.envelope.id)) delivery.release();
        else delivery.ack();
      },
    });
    await here.publish(queue, sent);
    await until('the released came twice', () => [...released].every((id) => (given.get(id) ?? 0) >= 2));
    await settled();
    expect(sent.map(({ id }) => given.get(id))).toEqual(sent.map((_, at) => (at % 2 === 0 ? 2 : 1)));
  });

  test('never hands out more than the buffer at a time', async () => {
    let held = 0;
    let most = 0;
    const { deliveries } = await consume(here, {
      buffer: 5,
      onEach: (delivery) => {
        most = Math.max(most, ++held);
        setTimeout(() => {
          held--;
          delivery.ack();
        }, 2);
      },
    });
    await here.publish(queue, envelopes(200));
    await until('all have come', () => deliveries.length === 200);
    expect(most).toBe(5);
  });

  test('lets two consumers share a queue, nothing twice', async () => {
    const [one, two] = [await consume(here, { buffer: 10 }), await consume(there, { buffer: 10 })];
    await here.publish(queue, envelopes(20));
    await until('both are full', () => one.deliveries.length === 10 && two.deliveries.length === 10);
    expect(new Set([...one.ids(), ...two.ids()]).size).toBe(20);
    for (const delivery of [...one.deliveries, ...two.deliveries]) delivery.ack();
    await settled();
  });

  test('delivers nothing new after stop, and still takes the acks of what was handed over', async () => {
    const one = await consume(here, { buffer: 10 });
    await here.publish(queue, envelopes(30));
    await until('the buffer is full', () => one.deliveries.length === 10);
    await one.consumption.stop();
    for (const delivery of one.deliveries) delivery.ack();
    const two = await consume(there, { onEach: ack });
    await until('the other has the rest', () => two.deliveries.length >= 20);
    await one.consumption.close();
    await settled();
    expect(one.deliveries).toHaveLength(10);
    expect(two.deliveries).toHaveLength(20);
    expect(new Set([...one.ids(), ...two.ids()]).size).toBe(30);
  });

  test('loses no ack and no delivery when a consumer closes under load', async () => {
    const sent = envelopes(3_000);
    const done = new Set<string>();
    const doubled: string[] = [];
    const finish = (id: string) => (done.has(id) ? doubled.push(id) : done.add(id));
    let leaving = false;
    const one = await consume(here, {
      buffer: 100,
      onEach: (delivery) => {
        if (leaving) return delivery.release();
        finish(delivery.envelope.id);
        delivery.ack();
      },
    });
    const publishing = publishAll(there, queue, sent);
    await until('it is in the middle of it', () => done.size > 500);
    leaving = true;
    await one.consumption.stop();
    await one.consumption.close();
    await consume(there, {
      onEach: (delivery) => {
        finish(delivery.envelope.id);
        delivery.ack();
      },
    });
    await publishing;
    await until('all are done', () => done.size === sent.length);
    await settled();
    expect(doubled).toEqual([]);
  });

  test('gives what a closed consumer never settled to another one', async () => {
    const one = await consume(here, { buffer: 5 });
    await here.publish(queue, envelopes(5));
    await until('it holds them', () => one.deliveries.length === 5);
    for (const delivery of one.deliveries.slice(0, 2)) delivery.ack();
    await one.consumption.close();
    const two = await consume(there, { onEach: ack });
    await until('the other has them', () => two.deliveries.length === 3);
    expect(two.ids()).toEqual(new Set(one.deliveries.slice(2).map(({ envelope }) => envelope.id)));
  });

  test('counts what waits, what is handed out and who consumes', async () => {
    await here.publish(queue, envelopes(12));
    await until('12 wait', async () => (await here.inspect(queue))?.ready === 12);
    expect(await here.inspect(queue)).toEqual({ ready: 12, unacked: 0, consumers: 0 });
    const { deliveries } = await consume(here, { buffer: 5 });
    await until('5 are handed out', () => deliveries.length === 5);
    await until('the counts agree', async () => {
      const depth = await here.inspect(queue);
      return depth?.ready === 7 && depth.unacked === 5 && depth.consumers === 1;
    });
    for (const delivery of deliveries) delivery.ack();
  });

  test('empties a queue on purge and carries on afterwards', async () => {
    await here.publish(queue, envelopes(100));
    await here.purge(queue);
    const { deliveries } = await consume(there, { onEach: ack });
    const sent = envelopes(3);
    await publishAll(here, queue, sent);
    await until('the new ones have come', () => sent.every(({ id }) => deliveries.some((d) => d.envelope.id === id)));
    expect(deliveries).toHaveLength(3);
  });

  test('keeps consuming when the queue is purged under it', async () => {
    const { ids } = await consume(here, { onEach: ack });
    await publishAll(here, queue, envelopes(1));
    await until('it consumes', () => ids().size === 1);
    await here.purge(queue);
    const [next] = envelopes(1);
    if (!next) throw new Error('no envelope');
    await until('it consumes again', async () => {
      await here.publish(queue, [next]);
      return ids().has(next.id);
    });
  });

  test('keeps queues apart', async () => {
    const { deliveries } = await consume(here, { onEach: ack });
    await here.publish(`${queue}-other`, envelopes(5));
    queues.push(`${queue}-other`);
    await here.publish(queue, envelopes(5));
    await until('its own have come', () => deliveries.length >= 5);
    expect(deliveries).toHaveLength(5);
    expect((await here.inspect(`${queue}-other`))?.ready).toBe(5);
  });

  test('is up and tells its server', async () => {
    expect(here.isUp()).toBe(true);
    const server = { memory: /^memory$/, realtime: /^RabbitMQ \d+\.\d+/, bulk: /^Redis \d+\.\d+/ }[name];
    expect(await here.health()).toEqual({ up: true, server: expect.stringMatching(server ?? /./) });
  });

  test('answers within 3 s that nothing was published while its broker is down, and throws nothing', async () => {
    const lane = unreachable();
    try {
      await lane.start();
      const sent = envelopes(1_000);
      const startedAt = performance.now();
      const publication = await lane.publish(queue, sent);
      expect(performance.now() - startedAt).toBeLessThan(3_000);
      expect(publication.confirmed).toBe(0);
      expect(new Set(publication.unconfirmed)).toEqual(new Set(sent.map(({ id }) => id)));
      expect(lane.isUp()).toBe(false);
      expect(await lane.inspect(queue)).toBeUndefined();
      expect((await lane.health()).up).toBe(false);
    } finally {
      await lane.close();
    }
  });

  test('says where it looked and what to do when it does not get ready, without the password', async () => {
    const lane = unreachable();
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
    await lane.consume(queue, { buffer: 10 }, ack);
    await lane.close();
    await lane.close();
    if (name !== 'memory') expect((await lane.publish(queue, envelopes(1))).unconfirmed).toHaveLength(1);
  });
});
