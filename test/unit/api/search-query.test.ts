/** Qualified search reads what people type. */
import { describe, expect, it } from 'vitest';
import { parseSearch } from '../../../src/api/search-query.ts';
import { Problem } from '../../../src/http/problem.ts';

describe('qualified search', () => {
  it('turns terms into a filter', () => {
    expect(parseSearch('type:notify state:dead lane:realtime error:ECONNREFUSED')).toEqual({
      type: 'notify',
      state: 'dead',
      lane: 'realtime',
      error: 'ECONNREFUSED',
    });
  });

  it('reads payload values as JSON where they are JSON', () => {
    expect(parseSearch('payload.n:42 payload.id:"42" payload.on:true payload.tag:cats')).toEqual({
      payload: { n: 42, id: '42', on: true, tag: 'cats' },
    });
  });

  it('keeps spaces inside quotes', () => {
    expect(parseSearch(' error:"moov atom not found" ')).toEqual({ error: 'moov atom not found' });
  });

  it.each(['nonsense', 'state:late', 'colour:red', 'type:'])('points at the query for "%s"', (q) => {
    const refused = () => parseSearch(q);
    expect(refused).toThrow(Problem);
    expect(refused).toThrow(
      expect.objectContaining({ status: 422, errors: [expect.objectContaining({ pointer: '/query/q' })] }),
    );
  });
});
