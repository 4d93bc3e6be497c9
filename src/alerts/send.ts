/** Sends what is due to be told, straight from this process: neither lane is needed for it. */
import {
  type AlertBrowser,
  type AlertChannel,
  type JsonObject,
  type Logger,
  type Queryable,
  TwolaneError,
} from '../contract/index.ts';
import type { Outgoing, WebPush } from '../outgoing/index.ts';
import { signedHeaders } from '../webhooks/sign.ts';
import { BrowserGone, tellBrowser } from './browsers.ts';
import type { AlertMailer } from './mail.ts';

export interface SendParts {
  database: Queryable;
  outgoing: Outgoing;
  /** Undefined while the installation has no mail server. */
  mailer: AlertMailer | undefined;
  /** Undefined while the installation has no keys for Web Push. */
  push: WebPush | undefined;
  /** For the head of the receiver's answer, milliseconds. */
  timeoutMs: number;
  logger: Logger;
}

export const mailScheme = 'mailto:';
/** Notices sent at once, and how often each is tried: over some two hours. */
const atOnce = 10;
const mostAttempts = 8;

interface Due {
  id: string;
  channel_id: string;
  body: JsonObject;
  attempts: number;
  kind: AlertChannel['kind'];
  url: string;
  /** Of webhooks. */
  secret: string | null;
  /** Of browsers. */
  keys: AlertBrowser['keys'] | null;
}

/** Tries each due notice once. Its next time is written before the call, so that no two processes send it together. */
export async function sendDue(parts: SendParts): Promise<void> {
  const { rows } = await parts.database.query<Due>(
    `update twolane.alert_notices n set attempts = n.attempts + 1,
       due_at = now() + interval '1 minute' * power(2, least(n.attempts, 6))
     from twolane.alert_channels c
     where c.id = n.channel_id and n.id = any(array(
       select id from twolane.alert_notices where due_at <= now() order by due_at limit ${atOnce} for update skip locked))
     returning n.id::text, n.channel_id::text, n.body, n.attempts, c.kind, c.url, c.secret, c.keys`,
  );
  await Promise.all(rows.map((due) => sendOne(parts, due)));
}

const senders: Readonly<Record<AlertChannel['kind'], (parts: SendParts, due: Due) => Promise<void>>> = {
  webhook: post,
  email: mail,
  push: ({ push }, { url: endpoint, keys, body }) =>
    tellBrowser(push, { endpoint, keys: keys as AlertBrowser['keys'] }, body),
};

async function sendOne(parts: SendParts, due: Due): Promise<void> {
  const { database, logger } = parts;
  const failure = await senders[due.kind](parts, due).then(
    () => null,
    (thrown: unknown) => (thrown instanceof Error ? thrown : new Error(String(thrown))),
  );
  if (failure instanceof BrowserGone) {
    await database.query('delete from twolane.alert_channels where id = $1', [due.channel_id]);
    return logger.info({ channel: due.channel_id }, 'A browser that heard of alerts is gone');
  }
  const error = failure?.message ?? null;
  await database.query(
    `update twolane.alert_channels set error = $2::text, ok_at = case when $2::text is null then now() else ok_at end where id = $1`,
    [due.channel_id, error],
  );
  if (error === null || due.attempts >= mostAttempts)
    await database.query('delete from twolane.alert_notices where id = $1', [due.id]);
  if (error !== null)
    logger.warn({ error, channel: due.channel_id, attempt: due.attempts }, 'An alert could not be told');
}

async function mail({ mailer }: SendParts, { body, url }: Due): Promise<void> {
  if (!mailer) throw new TwolaneError('not_delivered', 'TWOLANE_SMTP_URL and TWOLANE_MAIL_FROM are not set');
  const { text = '', data } = body as { text?: string; data?: { url?: string; runbookUrl?: string } };
  const links = data?.url ? `\n\nAlerts: ${data.url}\nWhat to do: ${data.runbookUrl}` : '';
  await mailer.mail({ to: url.slice(mailScheme.length), subject: text, text: `${text.replace(/\.$/, '')}.${links}\n` });
}

/** @throws Error when the receiver did not take it */
async function post({ outgoing, timeoutMs }: SendParts, { id, body, url, secret }: Due): Promise<void> {
  const text = JSON.stringify(body);
  const headers = signedHeaders(`alert_${id}`, text, [secret ?? '']);
  const answer = await outgoing.call({ method: 'POST', url, headers, body: text, schemes: ['https:'], timeoutMs });
  // Nobody asks for the body, and it might be anything.
  answer.destroy();
  const status = answer.statusCode ?? 0;
  if (status < 200 || status > 299) throw new TwolaneError('not_delivered', `The receiver answered ${status}`);
}
