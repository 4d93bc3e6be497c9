/** Values from the JSON Schemas of an OpenAPI document: mostly such as fit, and among them what strangers send. */
import fc, { type Arbitrary } from 'fast-check';

export interface Schema {
  $ref?: string;
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
  enum?: unknown[];
  const?: unknown;
  type?: string | string[];
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: Schema | boolean;
  items?: Schema;
}

/** Texts that have broken others: parsers, shells, queries, pages, paths. */
export const hostileTexts = [
  ...['', ' ', '\0', 'a\0b', '\r\nset-cookie: a=b', '\u202egpj.exe', '\ud800', 'é'.repeat(5_000), 'x'.repeat(100_000)],
  ...["' or 1=1 --", '"; drop table live; --', '$1', '%', '%00', '%s%n', '{{7*7}}', '$(id)', '`id`', '-rf', '\\'],
  ...[
    '../../../../etc/passwd',
    '..%2f..%2fetc%2fpasswd',
    '/etc/passwd',
    'file:///etc/passwd',
    'C:\\con',
    '.',
    '..',
    '~',
  ],
  ...[
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    'javascript:alert(1)',
    '<!ENTITY x SYSTEM "file:///">',
  ],
  ...['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'null', 'undefined', 'NaN', 'true', '[object Object]'],
  ...[
    '9223372036854775807',
    '9223372036854775808',
    '-1',
    '0',
    '1e999',
    '0x10',
    '١٢٣',
    '00000000-0000-0000-0000-000000000000',
  ],
  ...[
    '2026-02-30T25:61:61Z',
    '+275760-09-13T00:00:00Z',
    '-000001-01-01T00:00:00Z',
    'P1Y',
    '* * * * *',
    'name: state: "',
  ],
];
const hostileNumbers = [0, -0, -1, 0.1, 1e-300, 1e300, 2 ** 31, 2 ** 53, -(2 ** 53), 2 ** 63, 1e21];
const ordinaryTexts = [
  '1',
  'ana',
  'a.b',
  '500000000000000001',
  '2026-11-21T00:00:00.000Z',
  'https://example.com/',
  'Hello #sunset @ana',
];

/** Objects that change the prototype of whoever merges them carelessly; arrays and objects that are deeper than a stack. */
const hostileShapes: unknown[] = [
  ...[null, true, [], {}, [[]], [null]],
  JSON.parse('{"__proto__":{"polluted":"yes"}}'),
  JSON.parse('{"constructor":{"prototype":{"polluted":"yes"}}}'),
  ...[nested(500, (inner) => [inner]), nested(500, (inner) => ({ a: inner }))],
];

export const hostileText = fc.oneof(fc.constantFrom(...hostileTexts), fc.string({ unit: 'binary', maxLength: 40 }));
export const hostileValue = fc.oneof(
  hostileText,
  fc.constantFrom(...hostileNumbers),
  fc.constantFrom(...hostileShapes),
  fc.jsonValue({ maxDepth: 3 }),
);

/** What fits a schema by and large, with a hostile value in one place of sixteen. */
export function fitting(schema: Schema | undefined, find: (ref: string) => Schema, depth = 0): Arbitrary<unknown> {
  if (!schema || depth > 8) return hostileValue;
  return fc.oneof({ weight: 15, arbitrary: plain(schema, find, depth) }, { weight: 1, arbitrary: hostileValue });
}

function plain(schema: Schema, find: (ref: string) => Schema, depth: number): Arbitrary<unknown> {
  const next = (inner: Schema | undefined) => fitting(inner, find, depth + 1);
  if (schema.$ref) return next(find(schema.$ref));
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return fc.oneof(...choices.map(next));
  if (schema.allOf) return fc.tuple(...schema.allOf.map(next)).map((parts) => Object.assign({}, ...parts));
  if (schema.enum) return fc.constantFrom(...schema.enum);
  if ('const' in schema) return fc.constant(schema.const);
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type;
  if (type === 'object' || schema.properties) return objects(schema, next);
  if (type === 'array') return fc.array(next(schema.items), { maxLength: 3 });
  if (type === 'integer') return fc.integer({ min: 0, max: 200 });
  if (type === 'number') return fc.double({ noNaN: true });
  if (type === 'boolean') return fc.boolean();
  return type === 'string' ? fc.oneof(fc.constantFrom(...ordinaryTexts), hostileText) : hostileValue;
}

function objects(schema: Schema, next: (inner: Schema | undefined) => Arbitrary<unknown>): Arbitrary<unknown> {
  const properties = Object.entries(schema.properties ?? {});
  if (properties.length === 0) return fc.dictionary(hostileText, next(undefined), { maxKeys: 3 });
  const required = (schema.required ?? []).filter((name) => Object.hasOwn(schema.properties ?? {}, name));
  return fc.record(Object.fromEntries(properties.map(([name, inner]) => [name, next(inner)])), {
    requiredKeys: required,
  });
}

function nested(depth: number, wrap: (inner: unknown) => unknown): unknown {
  let value: unknown = 1;
  for (let n = 0; n < depth; n++) value = wrap(value);
  return value;
}
