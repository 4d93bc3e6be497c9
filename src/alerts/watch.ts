/** One look at a time: notes what is wrong and what is well again, and what has to be told. One process does it, any may try. */
import type {
  AlertKind,
  AlertRule,
  AlertSilence,
  Finding,
  Operations,
  Queryable,
  Transactional,
} from '../contract/index.ts';
import { noticeOf } from './notice.ts';
import { judge, ruleFor, rulesInForce } from './rules.ts';
import { look } from './sight.ts';
import { isSilenced, readSilences, readWrittenRules } from './store.ts';

export interface WatchParts {
  database: Transactional;
  operations: Pick<Operations, 'queues' | 'alarms'>;
  /** Where the operators' pages are, for links; undefined when nobody said. */
  publicUrl: string | undefined;
}

/** Whoever has not acknowledged it is told again after this time, milliseconds. */
const repeatMs = 60 * 60_000;
/** What was not seen for so long is well again, milliseconds: one look that fails must not end an alert. */
const calmMs = 25_000;

interface OpenRow {
  id: string;
  kind: AlertKind;
  target: string;
  message: string;
  value: number | null;
  since: Date;
  fired_at: Date | null;
  told_at: Date | null;
  acknowledged_at: Date | null;
  calm: boolean;
  now: Date;
}

export async function watch(parts: WatchParts): Promise<void> {
  const sight = await look(parts.database, parts.operations);
  await parts.database.transaction(async (tx) => {
    const { rows } = await tx.query<{ mine: boolean }>(
      "select pg_try_advisory_xact_lock('twolane.alerts'::regclass::oid::int, 0) as mine",
    );
    if (!rows[0]?.mine) return;
    const rules = rulesInForce(await readWrittenRules(tx));
    await noteSeen(tx, judge(sight, rules));
    const orders = { rules, silences: await readSilences(tx) };
    for (const row of await readOpen(tx)) await moveOn(tx, parts, row, orders);
  });
}

async function noteSeen(tx: Queryable, findings: readonly Finding[]): Promise<void> {
  await tx.query(
    `insert into twolane.alerts as a (kind, target, message, value)
     select kind, target, message, value
     from json_to_recordset($1) as f(kind text, target text, message text, value float8) order by kind, target
     on conflict (kind, target) where resolved_at is null
     do update set message = excluded.message, value = excluded.value, seen_at = now()`,
    [JSON.stringify(findings)],
  );
}

async function readOpen(tx: Queryable): Promise<OpenRow[]> {
  const { rows } = await tx.query<OpenRow>(
    `select *, seen_at < now() - interval '${calmMs} ms' as calm, now() as now
     from twolane.alerts where resolved_at is null order by id`,
  );
  return rows;
}

interface Orders {
  rules: readonly AlertRule[];
  silences: readonly AlertSilence[];
}

/** Fires, tells again, ends, or forgets what was over before it fired. */
async function moveOn(tx: Queryable, parts: WatchParts, row: OpenRow, { rules, silences }: Orders): Promise<void> {
  const { id, fired_at: firedAt, told_at: toldAt, now } = row;
  if (row.calm) {
    if (!firedAt) return void (await tx.query('delete from twolane.alerts where id = $1', [id]));
    await tx.query('update twolane.alerts set resolved_at = now() where id = $1', [id]);
    if (toldAt) await tell(tx, parts, row, 'resolved');
    return;
  }
  const lastedS = (now.getTime() - row.since.getTime()) / 1_000;
  if (!firedAt && lastedS < (ruleFor(rules, row.kind, row.target)?.forS ?? 0)) return;
  if (!firedAt) await tx.query('update twolane.alerts set fired_at = now() where id = $1', [id]);
  const again = toldAt && !row.acknowledged_at && now.getTime() - toldAt.getTime() > repeatMs;
  if ((toldAt && !again) || isSilenced(silences, row)) return;
  await tx.query('update twolane.alerts set told_at = now() where id = $1', [id]);
  await tell(tx, parts, row, 'firing');
}

function tell(tx: Queryable, { publicUrl }: WatchParts, row: OpenRow, event: 'firing' | 'resolved') {
  const body = noticeOf({ ...row, since: row.since.toISOString() }, event, row.now, publicUrl);
  return tx.query('insert into twolane.alert_notices (channel_id, body) select id, $1 from twolane.alert_channels', [
    JSON.stringify(body),
  ]);
}
