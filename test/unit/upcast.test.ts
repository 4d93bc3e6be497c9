/** Upcasters: the chain is held together by the compiler, and a definition with a gap is refused. */
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { defineJob, NonRetryableError, upcastPayload } from '../../src/contract/index.ts';

const common = {
  type: 'greet',
  lane: 'bulk',
  queue: 'mail',
  payload: z.object({ names: z.array(z.string()) }),
} as const;

const greet = defineJob({
  ...common,
  version: 3,
  upcast: {
    1: (old: { name: string }) => ({ first: old.name, last: '' }),
    2: (old: { first: string; last: string }) => ({ names: [old.first, old.last].filter(Boolean) }),
  },
});

describe('Upcasters', () => {
  test('lead from every older version to the present one', () => {
    expect(upcastPayload(greet, { name: 'Ann' }, 1)).toEqual({ names: ['Ann'] });
    expect(upcastPayload(greet, { first: 'Ann', last: 'Lee' }, 2)).toEqual({ names: ['Ann', 'Lee'] });
    expect(upcastPayload(greet, { names: [] }, 3)).toEqual({ names: [] });
  });

  test('that fail end the job, since another attempt would fail the same way', () => {
    const upcast = () => upcastPayload(greet, null, 1);
    expect(upcast).toThrow(NonRetryableError);
    expect(upcast).toThrow(/greet could not be brought from version 1 to 2/);
  });

  test('must start from every older version', () => {
    expect(() => defineJob({ ...common, version: 2 })).toThrow(/no step from version 1/);
    const gap = { 2: (old: { name: string }) => ({ names: [old.name] }) };
    expect(() => defineJob({ ...common, version: 4, upcast: gap })).toThrow(/no step from version 1, 3/);
  });

  test('that do not fit each other or the schema do not compile', () => {
    const last = (old: { name: string }) => ({ names: [old.name] });
    // @ts-expect-error: the schema wants names
    defineJob({ ...common, version: 2, upcast: { 1: (old: { name: string }) => ({ title: old.name }) } });
    // @ts-expect-error: the second step takes another shape than the first one gives
    defineJob({ ...common, version: 3, upcast: { 1: (old: { id: number }) => ({ id: old.id }), 2: last } });
    defineJob({ ...common, version: 3, upcast: { 1: (old: { id: number }) => ({ name: String(old.id) }), 2: last } });
  });
});
