import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toId, toMember } from '../../../src/social/feed/redis-feed-store.ts';
import { isOwnId } from '../../../src/social/ids.ts';
import { decodeCursor, encodeCursor } from '../../../src/social/notifications/cursor.ts';
import { keyset } from '../../../src/social/routes/keyset.ts';

const anyId = fc.bigInt({ min: 0n, max: 2n ** 63n - 1n });

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

describe('an id of ours', () => {
  it.each(['0', '42', '9223372036854775807'])('may be %s', (id) => expect(isOwnId(id)).toBe(true));
  it.each(['', '-1', '9223372036854775808', '1.5', 'ana', '٣'])('is not %j', (id) => expect(isOwnId(id)).toBe(false));
});

describe('a keyset page', () => {
  it('has a next cursor only when there is a row beyond the limit', () => {
    const rows = ['5', '4', '3'].map((id) => ({ id }));
    expect(keyset(rows, 2)).toEqual({ items: rows.slice(0, 2), nextCursor: '4' });
    expect(keyset(rows, 3)).toEqual({ items: rows, nextCursor: null });
    expect(keyset([], 3)).toEqual({ items: [], nextCursor: null });
  });
});
