import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toId, toMember } from '../../../src/social/feed/redis-feed-store.ts';
import { decodeCursor, encodeCursor } from '../../../src/social/notifications/cursor.ts';

const anyId = fc.bigInt({ min: 1n, max: 2n ** 63n - 1n });

describe('the cursor of the notification list', () => {
  it('comes back as it went in', () => {
    fc.assert(
      fc.property(fc.boolean(), anyId, (unread, rank) => {
        const cursor = { unread, rank: String(rank) };
        expect(decodeCursor(encodeCursor(cursor))).toEqual(cursor);
      }),
    );
  });

  it.each(['', 'u', '12', 'x12', 'u-1', 'u1e3', 'u9223372036854775808', "u1'--"])('refuses %j', (text) => {
    expect(decodeCursor(text)).toBeUndefined();
  });
});

describe('the member of a feed', () => {
  it('sorts as text as its id sorts as a number, and gives the id back', () => {
    fc.assert(
      fc.property(anyId, anyId, (a, b) => {
        expect(toMember(String(a)) < toMember(String(b))).toBe(a < b);
        expect(toId(toMember(String(a)))).toBe(String(a));
      }),
    );
  });
});
