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
  const inline: SchemaCollector['inline'] = (schema, io, name) => {
    const made = z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as JsonSchema;
    const { $schema: _dialect, $defs = {}, ...root } = made;
    const rename = (part: string) => (part.startsWith('__schema') ? `${name}${part.slice(8)}` : part);
    for (const [part, value] of Object.entries($defs as Record<string, JsonSchema>))
      schemas[rename(part)] = withReferences(value, rename, name) as JsonSchema;
    return withReferences(root, rename, name) as JsonSchema;
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

/** References point into the components; `#` is the schema itself. The names are not repeated inside. */
function withReferences(value: unknown, rename: (part: string) => string, self: string): unknown {
  if (Array.isArray(value)) return value.map((item) => withReferences(item, rename, self));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, inner]) => {
    if (key !== '$ref' || typeof inner !== 'string') return [key, withReferences(inner, rename, self)];
    const part = inner === '#' ? self : rename(inner.replace('#/$defs/', ''));
    return [key, `#/components/schemas/${part}`];
  });
  return Object.fromEntries(entries);
}
