/** What operators read about alerts and change about them. */
import { type AlertBook, cutPage, idCursor, type Queryable, TwolaneError } from '../contract/index.ts';
import type { Outgoing, WebPush } from '../outgoing/index.ts';
import { newWebhookSecret } from '../webhooks/sign.ts';
import { addBrowser } from './browsers.ts';
import { rulesInForce } from './rules.ts';
import { mailScheme } from './send.ts';
import { readAlerts, readChannels, readSilences, readWrittenRules } from './store.ts';

const newest = '9223372036854775807';

export interface BookParts {
  database: Queryable;
  outgoing: Outgoing;
  /** Undefined while the installation has no keys for Web Push. */
  push: Pick<WebPush, 'publicKey'> | undefined;
}

export function alertBook({ database, outgoing, push }: BookParts): AlertBook {
  /** Changes one row, or throws that there is none. */
  const change = async (what: string, sql: string, values: unknown[]) => {
    const { rowCount } = await database.query(sql, values);
    if (rowCount === 0) throw new TwolaneError('not_found', `There is no ${what} ${values[0]}`);
  };
  return {
    open: () => readAlerts(database, 'resolved_at is null order by a.id desc limit 500', []),
    async past({ limit = 50, cursor }) {
      const before = idCursor(cursor) ?? newest;
      const where = 'resolved_at is not null and a.id < $1 order by a.id desc limit $2';
      return cutPage(await readAlerts(database, where, [before, limit + 1]), limit, ({ id }) => id);
    },
    acknowledge: (id, actor) =>
      change(
        'alert',
        `update twolane.alerts set acknowledged_at = coalesce(acknowledged_at, now()),
           acknowledged_by = coalesce(acknowledged_by, $2) where id = $1 and resolved_at is null`,
        [id, actor],
      ),
    silences: () => readSilences(database),
    async silence({ kind, target, reason, actor, until }) {
      const { rows } = await database.query<{ id: string }>(
        `insert into twolane.alert_silences (kind, target, reason, actor, until) values ($1, $2, $3, $4, $5)
         returning id::text`,
        [kind, target, reason, actor, until],
      );
      return { id: rows[0]?.id as string, kind, target, reason, actor, until };
    },
    endSilence: (id) =>
      change('silence', 'update twolane.alert_silences set until = now() where id = $1 and until > now()', [id]),
    rules: async () => rulesInForce(await readWrittenRules(database)),
    async setRule({ kind, target, threshold, forS, enabled }, actor) {
      await database.query(
        `insert into twolane.alert_rules (kind, target, threshold, for_s, enabled, updated_by) values ($1, $2, $3, $4, $5, $6)
         on conflict (kind, target) do update set threshold = excluded.threshold, for_s = excluded.for_s,
           enabled = excluded.enabled, updated_at = now(), updated_by = excluded.updated_by`,
        [kind, target ?? '', threshold, forS, enabled, actor],
      );
    },
    dropRule: (kind, target) =>
      change('written rule', 'delete from twolane.alert_rules where kind = $1 and target = $2', [kind, target ?? '']),
    channels: () => readChannels(database),
    async addChannel(url, actor) {
      const kind = url.startsWith(mailScheme) ? 'email' : 'webhook';
      if (kind === 'webhook') outgoing.check(url, ['https:']);
      const secret = kind === 'webhook' ? newWebhookSecret() : null;
      const { rows } = await database.query<{ id: string }>(
        `insert into twolane.alert_channels (kind, url, secret, created_by) values ($1, $2, $3, $4) returning id::text`,
        [kind, url, secret, actor],
      );
      const id = rows[0]?.id as string;
      return { channel: { id, kind, url, browser: null, createdBy: actor, okAt: null, error: null }, secret };
    },
    pushKey: push?.publicKey,
    async addBrowser(browser, actor) {
      if (!push) throw new TwolaneError('not_configured', 'Web Push needs the settings TWOLANE_VAPID_…');
      outgoing.check(browser.endpoint, ['https:']);
      await addBrowser(database, browser, actor);
    },
    async removeBrowser(endpoint) {
      await database.query(`delete from twolane.alert_channels where kind = 'push' and url = $1`, [endpoint]);
    },
    removeChannel: (id) => change('channel', 'delete from twolane.alert_channels where id = $1', [id]),
    testChannel: (id) =>
      change(
        'channel',
        `insert into twolane.alert_notices (channel_id, body)
         select id, jsonb_build_object('type', 'alert.test', 'timestamp', now(), 'text', 'This is a test of Twolane''s alerts')
         from twolane.alert_channels where id = $1`,
        [id],
      ),
  };
}
