/** The filter of the job list: what is typed, what stands in the URL and what the ledger is asked are the same thing. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { listQuery, toJobFilter } from '../../../dashboard/filter.ts';
import {
  filterFromSearch,
  formatFilter,
  parseFilter,
  payloadValue,
  qualifiers,
  searchFromFilter,
} from '../../../dashboard/web/src/filter-text.ts';

const name = fc.oneof(
  fc.constantFrom(...Object.keys(qualifiers)),
  fc.stringMatching(/^[A-Za-z_][\w-]{0,12}$/).map((field) => `payload.${field}`),
);
const value = fc.oneof(fc.string({ minLength: 1 }), fc.constantFrom('a b', '"', '\\', 'a:b', 'ünï côdé', ' x ', '12'));
const fields = fc.dictionary(name, value, { maxKeys: 6, noNullPrototype: true });

describe('the search box', () => {
  test('reads what it has written, whatever the values hold', () => {
    fc.assert(
      fc.property(fields, (filter) => {
        expect(parseFilter(formatFilter(filter))).toEqual({ fields: filter, unknown: [] });
      }),
    );
  });

  test('reads the words of a person', () => {
    const typed = 'type:process-image  state:dead payload.mediaId:42 error:"not found: \\"x\\""';
    expect(parseFilter(typed).fields).toEqual({
      type: 'process-image',
      state: 'dead',
      'payload.mediaId': '42',
      error: 'not found: "x"',
    });
  });

  test('names what it does not understand instead of dropping it', () => {
    expect(parseFilter('state:dead colour:red hello payload.:1').unknown).toEqual([
      'colour:red',
      'hello',
      'payload.:1',
    ]);
  });
});

describe('the URL', () => {
  test('holds the whole filter and nothing else', () => {
    fc.assert(
      fc.property(fields, (filter) => {
        const search = searchFromFilter(filter);
        expect(filterFromSearch(`${search || '?'}&cursor=1&limit=5`)).toEqual(filter);
      }),
    );
  });
});

describe('the data call', () => {
  test('turns payload fields into JSON and keeps ids as texts', () => {
    const query = listQuery.parse({ state: 'dead', 'payload.mediaId': '3456789012345678901', 'payload.page': '3' });
    expect(toJobFilter(query)).toEqual({ state: 'dead', payload: { mediaId: '3456789012345678901', page: 3 } });
    expect(query.limit).toBe(50);
  });

  test.each([
    ['42', 42],
    ['-1.5', -1.5],
    ['true', true],
    ['null', null],
    ['"42"', '42'],
    ['007', '007'],
    ['9007199254740993000', '9007199254740993000'],
    ['plain', 'plain'],
  ])('reads the payload value %s as %j', (written, expected) => {
    expect(payloadValue(written)).toEqual(expected);
  });

  test.each([{ colour: 'red' }, { state: 'lost' }, { limit: '501' }, { since: 'yesterday' }])('refuses %j', (query) => {
    expect(listQuery.safeParse(query).success).toBe(false);
  });
});
