/** Packs: how envelopes are cut into messages, and when the message of a pack is settled. */
import { describe, expect, test } from 'vitest';
import { packFields, packsOf, readPack, unpack } from '../../../src/contract/index.ts';
import { packSize } from '../../../src/ledger/dispatch/window.ts';

const envelope = (n: number) => ({ id: String(n + 1), type: 'work', version: 1, fence: n, crashes: 0 });
const envelopes = (count: number) => Array.from({ length: count }, (_, n) => envelope(n));

function message() {
  const said: string[] = [];
  return { said, redelivered: false, ack: () => said.push('ack'), release: () => said.push('release') };
}

test('envelopes are cut into packs in their order, the last one smaller', () => {
  expect(packsOf(envelopes(5), 2).map((pack) => pack.map(({ id }) => id))).toEqual([['1', '2'], ['3', '4'], ['5']]);
  expect(packsOf([], 3)).toEqual([]);
});

test('a pack is read as it was written; anything else is a stranger', () => {
  expect(readPack(JSON.parse(JSON.stringify(packFields(envelopes(3)))))).toEqual(envelopes(3));
  for (const stranger of [
    null,
    [],
    {},
    [1],
    [['1', 'work', 1, 0]],
    [...packFields(envelopes(1)), ['1', 'work', 1, 0, '0']],
    [...packFields(envelopes(1)), ['no number', 'work', 1, 0, 0]],
    [['9223372036854775808', 'work', 1, 0, 0]],
    [['1', 'work', 1.5, 0, 0]],
    [['1', 'work', 1, -1, 0]],
  ])
    expect(readPack(stranger)).toBeUndefined();
});

describe('the message of a pack', () => {
  test('is acked with the last of its envelopes, however often each is', () => {
    const one = message();
    const deliveries = unpack(envelopes(3), one);
    for (const delivery of [deliveries[2], deliveries[0], deliveries[0]]) delivery?.ack();
    expect(one.said).toEqual([]);
    deliveries[1]?.ack();
    deliveries[1]?.release();
    expect(one.said).toEqual(['ack']);
  });

  test('is given back as a whole when any of them was', () => {
    const one = message();
    const [first, second] = unpack(envelopes(2), one);
    first?.release();
    second?.ack();
    expect(one.said).toEqual(['release']);
  });
});

test.each([
  { smallest: 0, ratePerS: 50_000, size: 1, why: 'no worker' },
  { smallest: 500, ratePerS: 200, size: 1, why: 'a slow queue' },
  { smallest: 4, ratePerS: 50_000, size: 1, why: 'few slots' },
  { smallest: 50, ratePerS: 50_000, size: 6, why: 'an eighth of the slots' },
  { smallest: 500, ratePerS: 4_000, size: 12, why: '3 ms of work' },
  { smallest: 500, ratePerS: 50_000, size: 32, why: 'the most there is' },
])('a pack holds $size with $smallest slots at $ratePerS/s: $why', ({ smallest, ratePerS, size }) => {
  expect(packSize(smallest, ratePerS)).toBe(size);
});
