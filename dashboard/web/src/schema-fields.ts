/** From a JSON Schema to the fields of a form. Pure. What a form can't show is a field of JSON text. */
import type { Json, JsonObject } from '../../../src/contract/words.ts';

/** As much of JSON Schema as zod writes. */
export interface Schema {
  type?: string | readonly string[];
  description?: string;
  properties?: Readonly<Record<string, Schema>>;
  required?: readonly string[];
  items?: Schema;
  prefixItems?: readonly Schema[];
  enum?: readonly Json[];
  const?: Json;
  anyOf?: readonly Schema[];
  maxLength?: number;
  default?: Json;
  $ref?: string;
  $defs?: Readonly<Record<string, Schema>>;
}

/** What a field looks like. `nullable` ones may hold null besides. */
export type Shape = { nullable: boolean; description?: string | undefined } & (
  | { kind: 'text'; long: boolean }
  | { kind: 'number' }
  | { kind: 'choice'; choices: readonly Json[] }
  | { kind: 'object'; fields: readonly { name: string; schema: Schema; required: boolean }[] }
  | { kind: 'list'; items: Schema }
  | { kind: 'json' }
);

/** Longer texts are written in more than one line. */
const longText = 200;

/** @param root where references point into */
export function shapeOf(schema: Schema, root: Schema): Shape {
  const { description, type, anyOf, ...resolved } = resolve(schema, root);
  const types = [type ?? []].flat();
  const others = anyOf?.filter((one) => one.type !== 'null') ?? [];
  const [first] = others;
  const nullable = types.length > 1 ? types.includes('null') : others.length < (anyOf?.length ?? 0);
  if (first && others.length === 1) {
    const inner = shapeOf(first, root);
    return { ...inner, nullable: inner.nullable || nullable, description: description ?? inner.description };
  }
  const choices = others.flatMap((one) => one.const ?? []);
  if (first && choices.length === others.length) return { kind: 'choice', choices, nullable, description };
  const [only, more] = types.filter((one) => one !== 'null');
  return { ...plainShape(more === undefined ? only : undefined, resolved), nullable, description };
}

function plainShape(type: string | undefined, { properties, items, ...schema }: Schema) {
  if (schema.enum) return { kind: 'choice', choices: schema.enum } as const;
  if (schema.const !== undefined) return { kind: 'choice', choices: [schema.const] } as const;
  if (type === 'boolean') return { kind: 'choice', choices: [true, false] } as const;
  if (type === 'string') return { kind: 'text', long: (schema.maxLength ?? 0) > longText } as const;
  if (type === 'number' || type === 'integer') return { kind: 'number' } as const;
  if (type === 'array' && items && !schema.prefixItems) return { kind: 'list', items } as const;
  if (type !== 'object' || !properties) return { kind: 'json' } as const;
  const fields = Object.entries(properties).map(([name, field]) => ({
    name,
    schema: field,
    required: schema.required?.includes(name) ?? false,
  }));
  return { kind: 'object', fields } as const;
}

function resolve(schema: Schema, root: Schema): Schema {
  const { $ref, ...beside } = schema;
  if ($ref === undefined) return schema;
  if ($ref === '#') return { ...root, ...beside };
  const found = root.$defs?.[$ref.replace('#/$defs/', '')];
  return found ? { ...resolve(found, root), ...beside } : beside;
}

/** What a field begins with that is not there yet. */
export function firstValue(shape: Shape): Json {
  if (shape.nullable) return null;
  if (shape.kind === 'choice') return shape.choices[0] ?? null;
  return { text: '', number: 0, object: {}, list: [], json: null }[shape.kind];
}

/** The fields of a value that its schema does not name. */
export function unnamedFields(shape: Shape & { kind: 'object' }, value: JsonObject): string[] {
  return Object.keys(value).filter((name) => !shape.fields.some((field) => field.name === name));
}

/** A number where the text is one; otherwise the text, which the schema refuses with the reason. */
export function numberOf(text: string): number | string {
  return text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text;
}
