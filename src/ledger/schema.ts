/**
 * SQL is written for the schemas `twolane` and `twolane_social`. An installation with another prefix has schemas of its own
 * in the same database: its statements are rewritten, each text once, and its migrations as they run.
 */
import type { Queryable } from '../contract/index.ts';

/** The platform's schema in the SQL as it is written. */
export const writtenSchema = 'twolane';

/** The platform's schema of an installation: `twolane`, or `shop_twolane` for the prefix `shop`. */
export function schemaOf(prefix: string): string {
  return prefix === writtenSchema ? writtenSchema : `${prefix.replaceAll('-', '_')}_${writtenSchema}`;
}

/** Texts are few and constant, but for those that an app runs in a transaction of ours. */
const mostTexts = 2_000;

export interface Rewriter {
  schema: string;
  /** For statements: names outside of literals, and literals that are nothing but a name of ours. */
  statement(sql: string): string;
  /** For migrations: every mention, those in the bodies of functions too. */
  migration(sql: string): string;
  /** A connection or transaction through which statements are rewritten. */
  through(queryable: Queryable): Queryable;
}

export function rewriterFor(schema: string): Rewriter {
  if (schema === writtenSchema) {
    const same = (sql: string) => sql;
    return { schema, statement: same, migration: same, through: (queryable) => queryable };
  }
  const known = new Map<string, string>();
  const statement = (sql: string) => {
    const found = known.get(sql);
    if (found !== undefined) return found;
    if (known.size >= mostTexts) known.clear();
    const made = rewritten(sql, schema);
    known.set(sql, made);
    return made;
  };
  return {
    schema,
    statement,
    migration: (sql) => sql.replace(/\btwolane(?=\.|_social\b)/g, schema),
    through: (queryable) => ({ query: (sql, values) => queryable.query(statement(sql), values) }),
  };
}

function rewritten(sql: string, schema: string): string {
  const parts = sql.split(/('(?:[^']|'')*')/);
  const named = parts.map((part, index) => {
    if (index % 2 === 1) return part.replace(/^'twolane(?=(_social)?\.\w+'$)/, `'${schema}`);
    return part.replace(/\btwolane(?=(_social)?\.)/g, schema);
  });
  return named.join('');
}
