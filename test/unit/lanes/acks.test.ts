/** Multiple acks may settle only what was settled here: checked against RabbitMQ's own rule for any order of calls. */
import type { Channel, ConsumeMessage } from 'amqplib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Acks } from '../../../src/lanes/realtime/acks.ts';

/** RabbitMQ's side of one channel: which numbers it waits for, and what it does with each settlement. */
class Ledger {
  readonly waiting = new Set<number>();
  readonly acked = new Set<number>();
  readonly returned = new Set<number>();
  frames = 0;

  settle(tag: number, multiple: boolean, into: Set<number>): void {
    this.frames++;
    if (!this.waiting.has(tag)) throw new Error(`406 unknown delivery tag ${tag}`);
    for (const one of [...this.waiting]) {
      if (one !== tag && !(multiple && one < tag)) continue;
      this.waiting.delete(one);
      into.add(one);
    }
  }
}

function channelOn(ledger: Ledger): Channel {
  const channel = {
    on: () => channel,
    ack: ({ fields }: ConsumeMessage, multiple = false) => ledger.settle(fields.deliveryTag, multiple, ledger.acked),
    nack: ({ fields }: ConsumeMessage, multiple = false) =>
      ledger.settle(fields.deliveryTag, multiple, ledger.returned),
  };
  return channel as unknown as Channel;
}

const message = (deliveryTag: number) => ({ fields: { deliveryTag } }) as ConsumeMessage;

const calls = fc.array(
  fc.record({
    tag: fc.integer({ min: 1, max: 40 }),
    what: fc.constantFrom('ack' as const, 'ack' as const, 'ack' as const, 'release' as const, 'flush' as const),
  }),
  { maxLength: 120 },
);

test('settles exactly what was settled, in any order, however often, and names no number twice', () => {
  fc.assert(
    fc.property(calls, (sequence) => {
      const ledger = new Ledger();
      const acks = new Acks(channelOn(ledger));
      const acked = new Set<number>();
      const released = new Set<number>();
      for (let tag = 1; tag <= 40; tag++) {
        ledger.waiting.add(tag);
        acks.add(message(tag));
      }
      for (const { tag, what } of sequence) {
        if (what === 'flush') acks.flush();
        else if (what === 'ack') acks.ack(message(tag));
        else acks.refuse(message(tag), true);
        if (what !== 'flush' && !acked.has(tag) && !released.has(tag)) (what === 'ack' ? acked : released).add(tag);
      }
      acks.flush();
      expect(ledger.acked).toEqual(acked);
      expect(ledger.returned).toEqual(released);
      expect(acks.open).toBe(40 - acked.size - released.size);
    }),
    { numRuns: 500 },
  );
});

test('says a run of acks in one frame', () => {
  const ledger = new Ledger();
  const acks = new Acks(channelOn(ledger));
  for (let tag = 1; tag <= 1_000; tag++) {
    ledger.waiting.add(tag);
    acks.add(message(tag));
  }
  for (let tag = 1_000; tag > 0; tag--) acks.ack(message(tag));
  acks.flush();
  expect(ledger.acked.size).toBe(1_000);
  expect(ledger.frames).toBe(1);
});
