import { describe, expect, it } from 'vitest';
import { Turns } from '../../../src/social/feed/turns.ts';

describe('turns', () => {
  it('let so many calls be under way, in their order, also after one that fails', async () => {
    const turns = new Turns(2);
    const begun: number[] = [];
    const ends: (() => void)[] = [];
    const call = (n: number) =>
      turns.run(async () => {
        begun.push(n);
        await new Promise<void>((resolve) => ends.push(resolve));
        if (n === 0) throw new Error('it failed');
        return n;
      });
    const calls = Promise.allSettled([0, 1, 2, 3].map(call));
    await Promise.resolve();
    expect(begun).toEqual([0, 1]);
    for (let n = 0; n < 4; n += 1) {
      await new Promise((resolve) => setImmediate(resolve));
      ends[n]?.();
    }
    expect((await calls).map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled', 'fulfilled']);
    expect(begun).toEqual([0, 1, 2, 3]);
  });
});
