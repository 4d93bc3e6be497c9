/** The hand-over of released jobs to workers of the same process. */
import { expect, test } from 'vitest';
import { Handover } from '../../../src/enqueue/handover.ts';

const released = (...ids: string[]) =>
  ids.map((id) => ({ id, queue: 'realtime/work' as const, type: 'work', version: 1, fence: 0, crashes: 0 }));
const idsOf = (jobs: readonly { id: string }[]) => jobs.map(({ id }) => id);

test('what no worker takes is left to be published; a worker that has gone takes nothing', () => {
  const handover = new Handover();
  expect(idsOf(handover.offer(released('1', '2')))).toEqual(['1', '2']);
  const taken: string[] = [];
  const takesOdd = ({ id }: { id: string }) => Number(id) % 2 === 1 && taken.push(id) > 0;
  const leave = handover.add(takesOdd);
  handover.add(() => false);
  expect(idsOf(handover.offer(released('1', '2', '3')))).toEqual(['2']);
  leave();
  expect(idsOf(handover.offer(released('5')))).toEqual(['5']);
  expect(taken).toEqual(['1', '3']);
});

test('a job goes to one worker only', () => {
  const handover = new Handover();
  const takers = [0, 0];
  for (const index of [0, 1])
    handover.add(() => {
      takers[index] = (takers[index] ?? 0) + 1;
      return true;
    });
  handover.offer(released('1', '2', '3'));
  expect(takers).toEqual([3, 0]);
});
