/** What may run SQL beside the ledger: effects that commit together with a job, and the stores of products. */

/** Anything that runs SQL: a `pg` client or pool, or a wrapper of another library's transaction. */
export interface Queryable {
  // biome-ignore lint/suspicious/noExplicitAny: rows take their shape from the SQL text, which no type can see
  query<R = any>(text: string, values?: unknown[]): Promise<{ rows: R[]; rowCount: number | null }>;
}

/** Work inside the transaction that settles a job. */
export type TransactionalEffect = (tx: Queryable) => Promise<void>;

/** A database in which work can be made one transaction. */
export interface Transactional extends Queryable {
  transaction<T>(work: (tx: Queryable) => Promise<T>): Promise<T>;
}

/** Where the rows of an id live. One database today; stores must ask, so that a map can place shards later. */
export type DatabaseFor = (id: string) => Transactional;
