/** Encoders take turns. */
import { describe, expect, it } from 'vitest';
import { turns } from '../../../src/media/video/turns.ts';

/** Work that goes on until it is told to end. */
function openEnded(began: string[], name: string) {
  let end = () => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  const work = () => {
    began.push(name);
    return ended;
  };
  return { work, end };
}

describe('Turns', () => {
  it('let in as many as there are, the others by the order of asking, and nobody who has left', async () => {
    const inTurn = turns(2);
    const began: string[] = [];
    const left = new AbortController();
    const all = ['a', 'b', 'c', 'd'].map((name) => openEnded(began, name));
    const { signal } = new AbortController();
    const ended = all.map(({ work }, at) => inTurn(at === 2 ? left.signal : signal, work).catch((error) => error));
    await Promise.resolve();
    await Promise.resolve();
    expect(began).toEqual(['a', 'b']);
    left.abort('gone');
    expect(await ended[2]).toBe('gone');
    all[0]?.end();
    await ended[0];
    await new Promise((resolve) => setImmediate(resolve));
    expect(began).toEqual(['a', 'b', 'd']);
    for (const { end } of all) end();
    await Promise.all(ended);
  });

  it('are given back by what fails', async () => {
    const inTurn = turns(1);
    const { signal } = new AbortController();
    await expect(inTurn(signal, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    expect(await inTurn(signal, async () => 'next')).toBe('next');
    await expect(inTurn(AbortSignal.abort('over'), async () => 'never')).rejects.toBe('over');
  });
});
