/** Lets jobs join a transaction of kysely. Nothing of kysely is imported: any version with `executeQuery` will do. */
import { randomUUID } from 'node:crypto';
import type { Queryable } from './contract/index.ts';

/** What is used of a kysely `Transaction`. */
export interface KyselyTransaction {
  // biome-ignore lint/suspicious/noExplicitAny: the compiled queries of kysely, a type that we do not import
  executeQuery(query: any): Promise<{ rows: any[]; numAffectedRows?: bigint }>;
  withoutPlugins?(): KyselyTransaction;
}

/** `twolane.enqueueIn(fromKysely(trx), [{ job, payload }])`: the jobs exist when `trx` commits. */
export function fromKysely(trx: KyselyTransaction): Queryable {
  // A plugin that renames columns would rename ours.
  const plain = trx.withoutPlugins?.() ?? trx;
  return {
    async query(sql: string, parameters: unknown[] = []) {
      const query = { kind: 'RawNode', sqlFragments: [sql], parameters: [] };
      const compiled = { sql, parameters, query, queryId: { queryId: randomUUID() } };
      const { rows, numAffectedRows } = await plain.executeQuery(compiled);
      return { rows, rowCount: numAffectedRows === undefined ? rows.length : Number(numAffectedRows) };
    },
  };
}
