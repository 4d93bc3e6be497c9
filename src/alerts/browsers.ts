/** Browsers in which operators hear of alerts: put down with their keys, and told by Web Push. */
import { type AlertBrowser, type JsonObject, type Queryable, TwolaneError } from '../contract/index.ts';
import { goneStatuses, type WebPush } from '../outgoing/index.ts';

/** Of one operator; the oldest makes room for a new one. */
const mostBrowsers = 20;

/** Whoever had the browser before: from now on it is the actor's. Its first notice says that it is told. */
export async function addBrowser(db: Queryable, { endpoint, keys }: AlertBrowser, actor: string): Promise<void> {
  await db.query(
    `with put as (
       insert into twolane.alert_channels as c (kind, url, keys, created_by) values ('push', $1, $2, $3)
       on conflict (url) where kind = 'push'
       do update set keys = excluded.keys, created_by = excluded.created_by, error = null returning c.id),
     room as (
       delete from twolane.alert_channels where id in (
         select id from twolane.alert_channels where kind = 'push' and created_by = $3 and url <> $1
         order by id desc offset ${mostBrowsers - 1}))
     insert into twolane.alert_notices (channel_id, body)
     select id, jsonb_build_object('type', 'alert.test', 'timestamp', now(), 'text', 'Alerts of Twolane are told here') from put`,
    [endpoint, JSON.stringify(keys), actor],
  );
}

/** The browser has no such subscription any more. */
export class BrowserGone extends TwolaneError {
  constructor(status: number) {
    super('browser_gone', `The push service answered ${status}`);
  }
}

/** @throws BrowserGone; TwolaneError for what another attempt may mend */
export async function tellBrowser(push: WebPush | undefined, { endpoint, keys }: AlertBrowser, body: JsonObject) {
  if (!push) throw new TwolaneError('not_delivered', 'The settings TWOLANE_VAPID_… are not there any more');
  const { type, text, data } = body as { type: string; text: string; data?: { id?: string } };
  const tag = data?.id ? `alert-${data.id}` : 'alert-test';
  const urgency = type === 'alert.firing' ? 'high' : 'normal';
  const answer = await push.send({ endpoint, keys, payload: { type, text, tag }, urgency, topic: tag });
  // Nobody asks for the body, and it might be anything.
  answer.destroy();
  const status = answer.statusCode ?? 0;
  if (goneStatuses.includes(status)) throw new BrowserGone(status);
  if (status < 200 || status > 299) throw new TwolaneError('not_delivered', `The push service answered ${status}`);
}
