import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { notificationText } from '../../../src/social/notifications/text.ts';

describe('the sentence of a notification', () => {
  it.each([
    ['like', ['Ana'], 1, 'photo', 'Ana liked your photo'],
    ['like', ['Mia', 'Ana'], 2, 'video', 'Mia and Ana liked your video'],
    ['like', ['Mia'], 2, 'photo', 'Mia and 1 other liked your photo'],
    ['like', ['Mia', 'Ana', 'Eva'], 13, 'photo', 'Mia and 12 others liked your photo'],
    ['like', ['Mia', 'Ana', 'Eva'], 3, undefined, 'Mia and 2 others liked your post'],
    ['comment', ['Ana'], 1, 'photo', 'Ana commented on your photo'],
    ['follow', ['Ana'], 1, undefined, 'Ana started following you'],
    ['follow', ['Mia', 'Ana'], 25_000, undefined, 'Mia and 24999 others started following you'],
  ] as const)('for a %s by %j of %i', (kind, names, count, noun, text) => {
    expect(notificationText(kind, names, count, noun)).toBe(text);
  });

  it('always accounts for everybody: one named and the rest counted, or two named', () => {
    const names = fc.array(fc.stringMatching(/^[a-z]{3,8}$/), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(names, fc.nat(1_000), (known, more) => {
        const count = known.length + more;
        const [, others] = /^[a-z]+(?: and (?:(\d+) others?|[a-z]+))? liked your photo$/.exec(
          notificationText('like', known, count, 'photo'),
        ) as RegExpExecArray;
        expect(others === undefined ? Math.min(count, 2) : Number(others) + 1).toBe(count);
      }),
    );
  });
});
