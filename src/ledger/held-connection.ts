/** A connection of its own: for locks that PostgreSQL frees when the process dies, and for listening. */
import pg from 'pg';

export interface HoldOptions {
  /** Told once when the connection breaks or ends, whoever ended it. */
  onGone(error?: Error): void;
  /** Milliseconds for one statement. Default: no limit. */
  timeoutMs?: number;
  /**
   * The `pid` of the connection that this one replaces. PostgreSQL may still have it, with its locks, although nobody is at
   * its other end: it is ended first.
   */
  former?: number | undefined;
  /** What to listen to, and who is told: `cancel` for the channel `twolane.cancel`. */
  listen?: { channels: readonly string[]; onNotice(channel: string, payload: string): void };
}

/** A table whose rows are locked; its oid is the class of the locks, so installations in one database have locks of their own. */
export type LockedTable = 'sessions' | 'queues';

export interface HeldConnection {
  /** Of the backend that PostgreSQL serves it with. */
  pid: number;
  /** Takes the advisory lock of a row, by its number or name, for as long as the connection lasts. False: somebody has it. */
  lock(table: LockedTable, row: number | string): Promise<boolean>;
  /** Throws when the connection is broken and nobody noticed. */
  check(): Promise<void>;
  end(): Promise<void>;
}

/** Waits until it is gone. By its locks, since another program's backend may have its number by now. */
const endFormer = `select pg_terminate_backend(l.pid, 1000) from pg_locks l where l.pid = $1 and l.locktype = 'advisory'
  and l.classid in ($2::regclass::oid, $3::regclass::oid) limit 1`;

/** @param schema of the installation */
export async function hold(
  url: string,
  schema: string,
  { onGone, timeoutMs, listen, former }: HoldOptions,
): Promise<HeldConnection> {
  const client = new pg.Client({
    connectionString: url,
    keepAlive: true,
    connectionTimeoutMillis: 5_000,
    ...(timeoutMs !== undefined && { query_timeout: timeoutMs }),
  });
  let gone = false;
  const tell = (error?: Error) => {
    if (!gone) onGone(error);
    gone = true;
  };
  client.on('error', tell);
  client.on('end', () => tell());
  client.on('notification', ({ channel, payload }) =>
    listen?.onNotice(channel.replace(`${schema}.`, ''), payload ?? ''),
  );
  await client.connect();
  if (former !== undefined) await client.query(endFormer, [former, `${schema}.sessions`, `${schema}.queues`]);
  if (listen) await client.query(listen.channels.map((channel) => `listen "${schema}.${channel}"`).join('; '));
  return {
    // Not in the types of the library.
    pid: (client as unknown as { processID: number }).processID,
    async lock(table, row) {
      const key = typeof row === 'string' ? 'hashtext($2)' : '$2';
      const sql = `select pg_try_advisory_lock($1::regclass::oid::int, ${key}) as mine`;
      const { rows } = await client.query(sql, [`${schema}.${table}`, row]);
      return rows[0].mine;
    },
    check: async () => void (await client.query('select 1')),
    end: () => client.end(),
  };
}
