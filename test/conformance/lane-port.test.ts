/** How every lane delivers: said once against the port and asked of all three implementations on real servers. */
import { describe, expect, test } from 'vitest';
import { ack, envelopes, lanesUnderTest, publishAll } from '../support/lane-port.ts';
import { until } from '../support/stack.ts';
import { useLanes } from '../support/use-lanes.ts';

describe.each(lanesUnderTest)('the $name lane', (kind) => {
  const at = useLanes(kind);

  test('delivers exactly what was published and confirmed, whole and unchanged', async () => {
    const sent = envelopes(2_500, 7);
    const publications = await Promise.all(
      [sent.slice(0, 1_000), sent.slice(1_000, 2_000), sent.slice(2_000)].map((batch) =>
        at.here.publish(at.queue, batch),
      ),
    );
    expect(publications.map(({ confirmed }) => confirmed)).toEqual([1_000, 1_000, 500]);
    expect(publications.flatMap(({ unconfirmed }) => unconfirmed)).toEqual([]);

    const { deliveries } = await at.consume(at.there, { onEach: ack });
    await until('all have come', () => deliveries.length >= sent.length);
    const byId = (a: { id: string }, b: { id: string }) => a.id.localeCompare(b.id);
    expect(deliveries.map(({ envelope }) => envelope).sort(byId)).toEqual(sent.toSorted(byId));
    await at.settled();
    expect(deliveries).toHaveLength(sent.length);
  });

  test('publishes nothing and says so when it is given nothing', async () => {
    expect(await at.here.publish(at.queue, [])).toEqual({ confirmed: 0, unconfirmed: [] });
  });

  test('learns what was confirmed while the process itself had no time to listen', async () => {
    await publishAll(at.here, at.queue, envelopes(1));
    const published = at.here.publish(at.queue, envelopes(3));
    // It is written now and not read yet: then a standstill longer than a broker may be silent.
    for (let turns = 0; turns < 100; turns += 1) await null;
    const standstill = performance.now() + 2_300;
    while (performance.now() < standstill);
    expect(await published).toEqual({ confirmed: 3, unconfirmed: [] });
    expect(at.here.isUp()).toBe(true);
  });

  test('delivers in the order of publishing to one consumer', async () => {
    const sent = envelopes(200);
    await publishAll(at.here, at.queue, sent);
    const { deliveries } = await at.consume(at.here, { buffer: 1, onEach: ack });
    await until('all have come', () => deliveries.length >= sent.length);
    expect(deliveries.map(({ envelope }) => envelope.id)).toEqual(sent.map(({ id }) => id));
  });

  test('forgets what was acked, in whatever order and however often', async () => {
    const first = await at.consume(at.here, { buffer: 50 });
    await publishAll(at.here, at.queue, envelopes(50));
    await until('the buffer is full', () => first.deliveries.length === 50);
    const mixed = first.deliveries.map((delivery, at) => ({ delivery, at: (at * 17) % 50 }));
    for (const { delivery } of mixed.sort((a, b) => a.at - b.at)) {
      delivery.ack();
      delivery.ack();
    }
    await first.consumption.close();
    const second = await at.consume(at.there);
    await publishAll(at.here, at.queue, envelopes(1));
    await until('the newcomer has come', () => second.deliveries.length > 0);
    expect(second.deliveries).toHaveLength(1);
  });

  test('gives a released delivery to a consumer again and says so, and an acked neighbour to nobody', async () => {
    /** By id, whether each delivery was said to be a repeated one. */
    const given = new Map<string, boolean[]>();
    const sent = envelopes(40);
    const released = new Set(sent.filter((_, at) => at % 2 === 0).map(({ id }) => id));
    await at.consume(at.here, {
      buffer: 40,
      onEach: (delivery) => {
        const { id } = delivery.envelope;
        const times = given.set(id, [...(given.get(id) ?? []), delivery.redelivered]).get(id)?.length;
        if (times === 1 && released.has(id)) delivery.release();
        else delivery.ack();
      },
    });
    await publishAll(at.here, at.queue, sent);
    await until('the released came twice', () => [...released].every((id) => (given.get(id)?.length ?? 0) >= 2));
    await at.settled();
    const expected = sent.map(({ id }) => (released.has(id) ? [false, true] : [false]));
    expect(sent.map(({ id }) => given.get(id))).toEqual(expected);
  });

  test('delivers what travelled in packs one by one and in order', async () => {
    const sent = envelopes(205, 3);
    const publication = await at.here.publish(at.queue, sent, 20);
    expect(publication).toEqual({ confirmed: 205, unconfirmed: [] });
    const { deliveries } = await at.consume(at.there, { onEach: ack });
    await until('all have come', () => deliveries.length >= sent.length);
    expect(deliveries.map(({ envelope }) => envelope)).toEqual(sent);
    await at.settled();
  });

  test('gives what was released of a pack to a consumer again', async () => {
    const given = new Map<string, number>();
    const sent = envelopes(30);
    const [wanted] = sent.slice(7);
    await publishAll(at.here, at.queue, sent, 10);
    await at.consume(at.there, {
      onEach: (delivery) => {
        const times = (given.get(delivery.envelope.id) ?? 0) + 1;
        given.set(delivery.envelope.id, times);
        if (times === 1 && delivery.envelope.id === wanted?.id) delivery.release();
        else delivery.ack();
      },
    });
    await until('the released came twice', () => given.get(wanted?.id ?? '') === 2);
    await at.settled();
    expect(given.size).toBe(30);
    expect(given.get(sent[25]?.id ?? '')).toBe(1);
  });

  test('never hands out more than the buffer at a time', async () => {
    let held = 0;
    let most = 0;
    const { deliveries } = await at.consume(at.here, {
      buffer: 5,
      onEach: (delivery) => {
        most = Math.max(most, ++held);
        setTimeout(() => {
          held--;
          delivery.ack();
        }, 2);
      },
    });
    await publishAll(at.here, at.queue, envelopes(200));
    await until('all have come', () => deliveries.length === 200);
    expect(most).toBe(5);
  });

  test('lets two consumers share a at.queue, nothing twice', async () => {
    const [one, two] = [await at.consume(at.here, { buffer: 10 }), await at.consume(at.there, { buffer: 10 })];
    await publishAll(at.here, at.queue, envelopes(20));
    await until('both are full', () => one.deliveries.length === 10 && two.deliveries.length === 10);
    expect(new Set([...one.ids(), ...two.ids()]).size).toBe(20);
    for (const delivery of [...one.deliveries, ...two.deliveries]) delivery.ack();
    await at.settled();
  });
});
