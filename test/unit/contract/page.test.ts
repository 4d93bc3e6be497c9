import { describe, expect, it } from 'vitest';
import { cutPage, idCursor } from '../../../src/contract/index.ts';

describe('a page of a list', () => {
  const rows = ['5', '4', '3'].map((id) => ({ id }));
  const idOf = ({ id }: { id: string }) => id;

  it('has a next cursor only when there is a row beyond the limit', () => {
    expect(cutPage(rows, 2, idOf)).toEqual({ items: rows.slice(0, 2), nextCursor: '4' });
    expect(cutPage(rows, 3, idOf)).toEqual({ items: rows, nextCursor: null });
    expect(cutPage([], 3, idOf)).toEqual({ items: [], nextCursor: null });
  });

  it.each(['1', '9223372036854775807'])('goes on from the id %s', (cursor) => expect(idCursor(cursor)).toBe(cursor));

  it.each(['', '0', '-1', '1.5', '٣', '9223372036854775808', '1; select 1'])('refuses %j', (cursor) => {
    expect(() => idCursor(cursor)).toThrow(expect.objectContaining({ code: 'invalid_cursor' }));
  });
});
