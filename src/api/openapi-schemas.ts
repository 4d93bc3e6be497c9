/** JSON Schemas of an OpenAPI document: named zod schemas become components, the others stand where they are used. */
import { z } from 'zod';

type JsonSchema = Record<string, unknown>;

export interface SchemaCollector {
  /** Every named schema so far, for `components.schemas`. */
  readonly schemas: Record<string, JsonSchema>;
  /** The schema to put in place; `name` is for parts that have to be named and are not. */
  add(schema: z.ZodType, io: 'input' | 'output', name: string): JsonSchema;
  /** As `add`, but with the fields of an object in place even where it has a name. */
  inline(schema: z.ZodType, io: 'input' | 'output', name: string): JsonSchema;
}

/** Schemas are named with `.meta({ id })`. */
export function schemaCollector(): SchemaCollector {
  const schemas: Record<string, JsonSchema> = {};
  const json = jsonSchema();
  const inline: SchemaCollector['inline'] = (schema, io, name) => {
    const made = z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as JsonSchema;
    const { $schema: _dialect, $defs = {}, ...root } = made;
    const parts = $defs as Record<string, JsonSchema>;
    const rename = (part: string) => {
      if (!part.startsWith('__schema')) return part;
      return shapeOf(part, parts[part]) === json ? 'Json' : `${name}${part.slice(8)}`;
    };
    for (const [part, value] of Object.entries(parts)) {
      const known = rename(part);
      // Said out in full it would refer to itself, which types made from it can't.
      schemas[known] = known === 'Json' ? { description: 'Any JSON.' } : withReferences(value, rename, name);
    }
    return withReferences(root, rename, name);
  };
  return {
    schemas,
    inline,
    add(schema, io, name) {
      const { id, ...made } = inline(schema, io, name);
      if (typeof id !== 'string') return made;
      schemas[id] = made;
      return { $ref: `#/components/schemas/${id}` };
    },
  };
}

/** Any JSON, which refers to itself and so needs a name, wherever it stands the same one. */
function jsonSchema(): string {
  const { $defs = {} } = z.toJSONSchema(z.object({ json: z.json() })) as { $defs?: Record<string, JsonSchema> };
  const [[part, value] = ['', undefined]] = Object.entries($defs);
  return shapeOf(part, value);
}

const shapeOf = (part: string, value: JsonSchema | undefined) =>
  JSON.stringify(value).replaceAll(`/${part}"`, '/self"');

/** References point into the components; `#` is the schema itself. The names are not repeated inside. */
function withReferences(value: JsonSchema, rename: (part: string) => string, self: string): JsonSchema {
  const inside = (inner: unknown): unknown => {
    if (Array.isArray(inner)) return inner.map(inside);
    return typeof inner === 'object' && inner !== null ? withReferences(inner as JsonSchema, rename, self) : inner;
  };
  const entries = Object.entries(value).map(([key, inner]) => {
    if (key !== '$ref' || typeof inner !== 'string') return [key, inside(inner)];
    const part = inner === '#' ? self : rename(inner.replace('#/$defs/', ''));
    return [key, `#/components/schemas/${part}`];
  });
  return Object.fromEntries(entries);
}
