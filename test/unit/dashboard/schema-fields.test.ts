/** The form in which a payload is edited: which field each part of a schema becomes. */
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { firstValue, numberOf, type Schema, shapeOf, unnamedFields } from '../../../dashboard/web/src/schema-fields.ts';
import { catalogFor } from '../../../jobs/catalog.ts';

/** What a zod schema becomes on its way over JSON Schema. */
function shape(schema: z.ZodType) {
  const root = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Schema;
  return shapeOf(root, root);
}

describe('a field of the form', () => {
  test.each([
    ['a text', z.string(), { kind: 'text', long: false }],
    ['a text of many lines', z.string().max(2_200), { kind: 'text', long: true }],
    ['a number', z.int().min(1), { kind: 'number' }],
    ['one of two', z.boolean(), { kind: 'choice', choices: [true, false] }],
    ['one of several', z.enum(['bad', 'good']), { kind: 'choice', choices: ['bad', 'good'] }],
    ['the only one', z.literal(7), { kind: 'choice', choices: [7] }],
    ['a text or null', z.string().nullable(), { kind: 'text', nullable: true }],
    ['a list', z.array(z.string()), { kind: 'list' }],
    ['any JSON', z.json(), { kind: 'json', nullable: true }],
    ['one of several or null', z.enum(['a']).nullable(), { kind: 'choice', nullable: true }],
    ['one of those written out', z.union([z.literal('a'), z.literal(2)]), { kind: 'choice', choices: ['a', 2] }],
    ['one of two shapes', z.union([z.string(), z.number()]), { kind: 'json' }],
    ['a map', z.record(z.string(), z.number()), { kind: 'json' }],
    ['a tuple', z.tuple([z.string(), z.number()]), { kind: 'json' }],
  ])('is %s', (_name, schema, wanted) => {
    expect(shape(schema)).toMatchObject({ nullable: false, ...wanted });
  });

  test('is told what it is for, and whether it may be left out', () => {
    const payload = z.object({
      width: z.int().describe('In pixels.'),
      mode: z.string().optional(),
      fit: z.string().default('in'),
    });
    const found = shape(payload);
    if (found.kind !== 'object') throw new Error(found.kind);
    expect(found.fields.map(({ name, required }) => [name, required])).toEqual([
      ['width', true],
      ['mode', false],
      ['fit', false],
    ]);
    expect(shapeOf(found.fields[0]?.schema ?? {}, {}).description).toBe('In pixels.');
    expect(unnamedFields(found, { width: 1, extra: true })).toEqual(['extra']);
  });

  test('follows a schema that refers to itself', () => {
    interface Folder {
      name: string;
      inner?: Folder | null | undefined;
    }
    const folder: z.ZodType<Folder> = z.object({
      name: z.string(),
      inner: z
        .lazy(() => folder)
        .nullable()
        .optional(),
    });
    const root = z.toJSONSchema(z.object({ folder }), { io: 'input' }) as Schema;
    const outer = shapeOf(root.properties?.folder ?? {}, root);
    if (outer.kind !== 'object') throw new Error(outer.kind);
    const inner = shapeOf(outer.fields.find(({ name }) => name === 'inner')?.schema ?? {}, root);
    expect(inner).toMatchObject({ kind: 'object', nullable: true });
  });

  test('begins with a value that its schema may take', () => {
    expect(
      [
        z.string(),
        z.number(),
        z.enum(['a']),
        z.array(z.string()),
        z.object({ a: z.string() }),
        z.string().nullable(),
      ].map((one) => firstValue(shape(one))),
    ).toEqual(['', 0, 'a', [], {}, null]);
  });

  test('keeps a text that is no number, so that the schema says what is wrong with it', () => {
    expect(['12', ' 1.5 ', '', 'ten', '1e3'].map(numberOf)).toEqual([12, 1.5, '', 'ten', 1_000]);
  });

  test('is there for the payload of every job type that comes along', () => {
    for (const job of Object.values(catalogFor('social')))
      expect([job.type, shape(job.payload).kind]).toEqual([job.type, 'object']);
  });
});
