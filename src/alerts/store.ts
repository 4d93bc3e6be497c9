/** Rows of alerts, rules, silences and channels as the rest of the code knows them. */
import type { Alert, AlertChannel, AlertKind, AlertRule, AlertSilence, Queryable } from '../contract/index.ts';

const iso = (time: Date | null) => time?.toISOString() ?? null;

/** What operators wrote; see `rulesInForce` for the rest. */
export async function readWrittenRules(db: Queryable): Promise<AlertRule[]> {
  const { rows } = await db.query<AlertRule>(
    `select kind, nullif(target, '') as target, threshold, for_s as "forS", enabled, updated_by as "updatedBy"
     from twolane.alert_rules order by kind, target`,
  );
  return rows;
}

/** Those in force. */
export async function readSilences(db: Queryable): Promise<AlertSilence[]> {
  const { rows } = await db.query<Omit<AlertSilence, 'until'> & { until: Date }>(
    `select id::text, kind, target, reason, actor, until from twolane.alert_silences where until > now() order by until`,
  );
  return rows.map((row) => ({ ...row, until: row.until.toISOString() }));
}

export function isSilenced(silences: readonly AlertSilence[], { kind, target }: { kind: AlertKind; target: string }) {
  return silences.some(
    (one) => (one.kind === null || one.kind === kind) && (one.target === null || one.target === target),
  );
}

interface AlertRow extends Pick<Alert, 'id' | 'kind' | 'target' | 'message' | 'value'> {
  since: Date;
  fired_at: Date | null;
  resolved_at: Date | null;
  acknowledged_at: Date | null;
  acknowledged_by: string | null;
}

export async function readAlerts(db: Queryable, where: string, values: unknown[]): Promise<Alert[]> {
  const [{ rows }, silences] = await Promise.all([
    db.query<AlertRow>(
      `select a.id::text, kind, target, message, value, since, fired_at, resolved_at, acknowledged_at, acknowledged_by
       from twolane.alerts a where ${where}`,
      values,
    ),
    readSilences(db),
  ]);
  return rows.map(({ acknowledged_at: at, acknowledged_by: by, ...row }) => ({
    id: row.id,
    kind: row.kind,
    target: row.target,
    message: row.message,
    value: row.value,
    since: row.since.toISOString(),
    firedAt: iso(row.fired_at),
    resolvedAt: iso(row.resolved_at),
    acknowledged: at && { at: at.toISOString(), by: by ?? '' },
    silenced: isSilenced(silences, row),
  }));
}

interface ChannelRow extends Omit<AlertChannel, 'okAt'> {
  okAt: Date | null;
}

export async function readChannels(db: Queryable): Promise<AlertChannel[]> {
  const { rows } = await db.query<ChannelRow>(
    `select c.id::text, kind, url, created_by as "createdBy", ok_at as "okAt", error,
       case when kind = 'push' then encode(sha256(url::bytea), 'hex') end as browser
     from twolane.alert_channels c order by c.id`,
  );
  return rows.map((row) => ({
    ...row,
    url: row.kind === 'push' ? new URL(row.url).origin : row.url,
    okAt: iso(row.okAt),
  }));
}
