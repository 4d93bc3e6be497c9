/** A connection of its own: for locks that PostgreSQL frees when the process dies, and for listening. */
import pg from 'pg';

export interface HoldOptions {
  /** Told once when the connection breaks or ends, whoever ended it. */
  onGone(error?: Error): void;
  /** Milliseconds for one statement. Default: no limit. */
  timeoutMs?: number;
  /** What to listen to, and who is told. */
  listen?: { channels: readonly string[]; onNotice(channel: string, payload: string): void };
}

export interface HeldConnection {
  /** Takes the advisory lock of a number, or of a name, in a class for as long as the connection lasts. False: somebody has it. */
  lock(lockClass: number, what: number | string): Promise<boolean>;
  /** Throws when the connection is broken and nobody noticed. */
  check(): Promise<void>;
  end(): Promise<void>;
}

export async function hold(url: string, { onGone, timeoutMs, listen }: HoldOptions): Promise<HeldConnection> {
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
  client.on('notification', ({ channel, payload }) => listen?.onNotice(channel, payload ?? ''));
  await client.connect();
  if (listen) await client.query(listen.channels.map((channel) => `listen ${channel}`).join('; '));
  return {
    async lock(lockClass, what) {
      const key = typeof what === 'string' ? 'hashtext($2)' : '$2';
      const { rows } = await client.query(`select pg_try_advisory_lock($1, ${key}) as mine`, [lockClass, what]);
      return rows[0].mine;
    },
    check: async () => void (await client.query('select 1')),
    end: () => client.end(),
  };
}
