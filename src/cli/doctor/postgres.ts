/** PostgreSQL: version, durability, connections, clock, migrations. */
import { readdirSync } from 'node:fs';
import pg from 'pg';
import { postgres } from '../../../scripts/stack/postgres.ts';
import { isAtLeast } from '../../../scripts/stack/versions.ts';
import type { Config } from '../../config.ts';
import type { Queryable } from '../../contract/database.ts';
import { platformMigrations } from '../../ledger/migrate.ts';
import type { Twolane } from '../../twolane.ts';
import { duration } from '../output/time.ts';
import { examine, type Finding, fault, ok, warning } from './check.ts';

const skewMs = { warning: 1_000, fault: 60_000 };

export function examinePostgres({ config, database }: Pick<Twolane, 'config' | 'database'>): Promise<Finding[]> {
  const cure = 'Start it, or correct DATABASE_URL (DATABASE_DIRECT_URL behind PgBouncer).';
  return examine('PostgreSQL', cure, async () => {
    const client = new pg.Client({ connectionString: config.directUrl, connectionTimeoutMillis: 5_000 });
    client.on('error', () => undefined);
    try {
      await client.connect();
      const settings = await settingsOf(client);
      return [
        version(settings),
        durability(settings),
        connections(settings, config),
        await clock(client),
        await migrations(database),
      ];
    } finally {
      await client.end().catch(() => undefined);
    }
  });
}

type Settings = Record<string, string>;

async function settingsOf(client: pg.Client): Promise<Settings> {
  const names = ['server_version', 'fsync', 'full_page_writes', 'synchronous_commit', 'max_connections'];
  const { rows } = await client.query('select name, setting from pg_settings where name = any($1)', [names]);
  return Object.fromEntries(rows.map(({ name, setting }) => [name, setting]));
}

function version({ server_version = '' }: Settings): Finding {
  const check = 'PostgreSQL';
  if (isAtLeast(server_version, postgres.minimum)) return ok(check, server_version);
  return fault(check, server_version, `Upgrade it to ${postgres.minimum} or newer.`);
}

function durability(settings: Settings): Finding {
  const check = 'Durability';
  const off = ['fsync', 'full_page_writes', 'synchronous_commit'].filter((name) => settings[name] === 'off');
  if (off.length === 0) return ok(check, 'commits are on the disk before they are answered');
  const cure = `Set ${off.map((name) => `${name} = on`).join(', ')} in postgresql.conf and reload it.`;
  return fault(check, `${off.join(', ')} off: a power cut loses accepted jobs`, cure);
}

function connections({ max_connections = '0' }: Settings, { TWOLANE_DATABASE_POOL }: Config): Finding {
  const check = 'Connections';
  const processes = Math.floor(Number(max_connections) / (TWOLANE_DATABASE_POOL + 5));
  const found = `max_connections ${max_connections}: enough for ${processes} processes with a pool of ${TWOLANE_DATABASE_POOL}`;
  if (processes >= 4) return ok(check, found);
  return warning(check, found, 'Raise max_connections, lower TWOLANE_DATABASE_POOL, or put PgBouncer in between.');
}

/** The host's clock against the server's, in the middle of the fastest of three questions. */
async function clock(client: pg.Client): Promise<Finding> {
  const check = 'Clock';
  let best = { skew: 0, tripMs: Number.POSITIVE_INFINITY };
  for (let tries = 0; tries < 3; tries += 1) {
    const asked = Date.now();
    const { rows } = await client.query('select clock_timestamp() as now');
    const answered = Date.now();
    const skew = rows[0].now.getTime() - (asked + answered) / 2;
    if (answered - asked < best.tripMs) best = { skew, tripMs: answered - asked };
  }
  const off = Math.round(Math.abs(best.skew));
  const found = `${off} ms apart from PostgreSQL's, ${best.tripMs} ms away`;
  if (off <= skewMs.warning) return ok(check, found);
  const judge = off > skewMs.fault ? fault : warning;
  return judge(
    check,
    `${duration(off)} apart from PostgreSQL's`,
    'Run an NTP client such as chrony on this host and on the database.',
  );
}

/** Asked through the installation, which knows its schema. */
async function migrations(client: Queryable): Promise<Finding> {
  const check = 'Migrations';
  const files = readdirSync(platformMigrations.folder).filter((name) => name.endsWith('.sql'));
  const { rows } = await client.query<{ there: string | null }>("select to_regclass('twolane.migrations') as there");
  if (!rows[0]?.there) return fault(check, 'the database has no tables of Twolane', 'Run `twolane migrate`.');
  const applied = await client.query<{ name: string }>('select name from twolane.migrations');
  const known = new Set(applied.rows.map(({ name }) => name));
  const missing = files.filter((name) => !known.has(name));
  if (missing.length) return fault(check, `missing: ${missing.join(', ')}`, 'Run `twolane migrate`.');
  const newer = [...known].filter((name) => !files.includes(name));
  if (newer.length === 0) return ok(check, `all ${files.length} applied`);
  return warning(
    check,
    `newer than this code: ${newer.join(', ')}`,
    'Finish the rollout: this machine runs an older release.',
  );
}
