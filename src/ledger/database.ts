/** The connection to PostgreSQL: a pool with time-outs, transactions, and the retry of the two errors that ask for one. */
import pg from 'pg';
import { type DatabaseFor, OverloadedError, type Queryable } from '../contract/index.ts';
import { type HeldConnection, type HoldOptions, hold } from './held-connection.ts';
import { type Rewriter, rewriterFor, writtenSchema } from './schema.ts';

export interface Database extends Queryable {
  /** Runs `work` in one transaction on one connection; rolls back on any error. */
  transaction<T>(work: (tx: Queryable) => Promise<T>): Promise<T>;
  /** Repeats a short statement or transaction that lost a deadlock, a lock or a serialisation conflict, up to 5 times. */
  retrying<T>(work: () => Promise<T>): Promise<T>;
  databaseFor: DatabaseFor;
  /**
   * For changes that the ledger finds out and repeats when PostgreSQL crashes within the next second: releases and claims.
   * Their commits don't wait for the disk. Outcomes come after them in the log, so an outcome that is safe makes them safe.
   */
  relaxed: Queryable;
  /** For the statements of the hot path: prepared once per connection, where no pooler stands between. */
  hot: Queryable;
  /** The schema of this installation, and how SQL is written for it; everything above does so by itself. */
  rewriter: Rewriter;
  /** Opens a connection of its own, without a pooler between. */
  hold(options: HoldOptions): Promise<HeldConnection>;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  url: string;
  /** Without a pooler between, since the relaxed connections differ in a setting of the session. Default: `url`. */
  directUrl?: string;
  /** Of the installation's tables. Default `twolane`. */
  schema?: string;
  /** Connections at most. Default 12. */
  size?: number;
  /** Told of errors on idle connections; the pool replaces them by itself. */
  onError?(error: Error): void;
}

const deadlock = '40P01';
const serialization = '40001';
/** Of statements that wait for nobody. */
const lockNotAvailable = '55P03';
const passing: readonly unknown[] = [deadlock, serialization, lockNotAvailable];

const relaxedSize = 4;

export function openDatabase(options: DatabaseOptions): Database {
  const { url, directUrl = url, schema = writtenSchema, size = 12, onError = () => {} } = options;
  const rewriter = rewriterFor(schema);
  const pool = openPool(url, size, 'set jit = off', onError);
  const relaxed = openPool(directUrl, relaxedSize, 'set jit = off; set synchronous_commit = off', onError);
  const database: Database = {
    ...rewriter.through({ query: queryOf(pool) }),
    transaction: (work) => inTransaction(pool, (tx) => work(rewriter.through(tx))),
    retrying,
    databaseFor: () => database,
    relaxed: rewriter.through({ query: queryOf(relaxed, true) }),
    hot: rewriter.through({ query: queryOf(pool, url === directUrl) }),
    rewriter,
    hold: (held) =>
      hold(directUrl, schema, held).catch((error) => {
        throw explained(error);
      }),
    close: async () => {
      await Promise.all([pool.end(), relaxed.end()]);
    },
  };
  return database;
}

/** Compiling a plan takes longer than any of our statements runs, hence `jit = off` in the settings. */
function openPool(url: string, size: number, settings: string, onError: (error: Error) => void): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max: size,
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 30_000,
    statement_timeout: 30_000,
    query_timeout: 35_000,
    // A process frozen inside a transaction must not keep its locks for ever.
    idle_in_transaction_session_timeout: 10_000,
    keepAlive: true,
    application_name: 'twolane',
    onConnect: async (client) => {
      await client.query(settings);
    },
  });
  pool.on('error', onError);
  // A checked-out client can fail too; without a listener that would end the process.
  pool.on('connect', (client) => client.on('error', onError));

  return pool;
}

/** @param prepared whether PostgreSQL keeps the statements; their text is constant, and serves as their name */
function queryOf(pool: pg.Pool, prepared = false): Queryable['query'] {
  const query = async (text: string, values?: unknown[]) => {
    try {
      return prepared ? await pool.query({ name: text.slice(0, 63), text, values }) : await pool.query(text, values);
    } catch (error) {
      throw explained(error);
    }
  };
  return query as Queryable['query'];
}

async function inTransaction<T>(pool: pg.Pool, work: (tx: Queryable) => Promise<T>): Promise<T> {
  const client = await pool.connect().catch((error) => {
    throw explained(error);
  });
  let broken: Error | undefined;
  try {
    await client.query('begin');
    const result = await work(client as unknown as Queryable);
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback').catch((failure: Error) => {
      broken = failure;
    });
    throw explained(error);
  } finally {
    client.release(broken);
  }
}

async function retrying<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work();
    } catch (error) {
      if (tries === 5 || !passing.includes((error as { code?: string }).code)) throw error;
    }
  }
}

/** True when PostgreSQL could not be reached or went away, as opposed to having refused the statement. */
export function isUnavailable(error: unknown): boolean {
  const { code, message } = error as { code?: string; message?: string };
  if (code && /^(08|53|57P|57014)/.test(code)) return true;
  if (code && /^(ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EHOSTUNREACH)/.test(code)) return true;
  return /Connection terminated|timeout exceeded when trying to connect|Query read timeout|not queryable/i.test(
    message ?? '',
  );
}

const diskFull = '53100';

function explained(error: unknown): unknown {
  if (error instanceof OverloadedError || !isUnavailable(error)) return error;
  if ((error as { code?: string }).code === diskFull)
    return new OverloadedError("PostgreSQL's disk is full and nothing was written; make room there", 30, {
      cause: error,
      code: 'disk_full',
    });
  return new OverloadedError('PostgreSQL can not be reached right now; nothing was written', 2, { cause: error });
}
