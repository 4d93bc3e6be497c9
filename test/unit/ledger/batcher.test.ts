/** When the batches of a batcher leave: at once, together, and beside each other only when that gains something. */
import { expect, test } from 'vitest';
import { Batcher } from '../../../src/ledger/batcher.ts';

/** A batcher whose batches end when they are told to. */
function held(options: { maxBatch?: number; parallel?: number; besideFrom?: number }) {
  const left: { size: number; end(): void }[] = [];
  const batcher = new Batcher<number, number>({
    name: 'test',
    run: (items) => new Promise((resolve) => left.push({ size: items.length, end: () => resolve(items) })),
    ...options,
  });
  const add = (count: number) => Promise.all(Array.from({ length: count }, (_, n) => batcher.add(n)));
  return { batcher, left, add };
}
const turn = () => new Promise((resolve) => setImmediate(resolve));
const sizes = (left: readonly { size: number }[]) => left.map(({ size }) => size);

test('Calls of one turn travel together, and those made meanwhile form the next batch', async () => {
  const { left, add } = held({});
  const first = add(3);
  await turn();
  const second = add(5);
  await turn();
  expect(sizes(left)).toEqual([3]);
  left[0]?.end();
  expect(await first).toEqual([0, 1, 2]);
  await turn();
  expect(sizes(left)).toEqual([3, 5]);
  left[1]?.end();
  expect(await second).toHaveLength(5);
});

test('A batch leaves beside another as soon as enough calls wait, and no third one beside two', async () => {
  const { batcher, left, add } = held({ parallel: 2, besideFrom: 4 });
  const calls = [add(1)];
  await turn();
  calls.push(add(3));
  await turn();
  expect(sizes(left)).toEqual([1]);
  calls.push(add(1));
  await turn();
  expect(sizes(left)).toEqual([1, 4]);
  calls.push(add(9));
  await turn();
  expect(sizes(left)).toEqual([1, 4]);
  // One of two is over: nine wait, which is enough to leave beside the other.
  left[0]?.end();
  await turn();
  expect(sizes(left)).toEqual([1, 4, 9]);
  calls.push(add(2));
  left[1]?.end();
  await turn();
  expect(sizes(left)).toEqual([1, 4, 9]);
  left[2]?.end();
  await turn();
  expect(sizes(left)).toEqual([1, 4, 9, 2]);
  left[3]?.end();
  await Promise.all(calls);
  await batcher.drain();
});
