/** What Twolane tells this app by itself: signed as Standard Webhooks say, verified here, taken once however often it comes. */
import express, { Router } from 'express';
import { Webhook, WebhookVerificationError } from 'standardwebhooks';
import { pool } from './database.ts';
import { settings } from './settings.ts';

/** Asks for the webhook at the first start, and keeps its secret; it is shown once. */
export async function askForWebhook(): Promise<void> {
  if (await secret()) return;
  const answer = await fetch(`${settings.origin}/background/v1/webhooks`, {
    method: 'POST',
    headers: { authorization: `Bearer ${settings.apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ url: `${settings.origin}/hooks/twolane`, events: ['media.ready', 'media.failed'] }),
  });
  if (!answer.ok) throw new Error(`There is no webhook: ${await answer.text()}`);
  const made = (await answer.json()) as { secret: string };
  await pool.query('insert into webhooks (secret) values ($1)', [made.secret]);
}

async function secret(): Promise<string | undefined> {
  const { rows } = await pool.query<{ secret: string }>('select secret from webhooks');
  return rows[0]?.secret;
}

interface MediaEvent {
  type: 'media.ready' | 'media.failed';
  data: { id: string };
}

/** `POST /`: 204 when it was taken, 401 when it is not signed by the secret. The bytes are verified, not what they parse to. */
export const webhooks = Router();
webhooks.post('/', express.raw({ type: 'application/json' }), async (req, res) => {
  try {
    const hook = new Webhook((await secret()) ?? '');
    const { type, data } = hook.verify(req.body, req.headers as Record<string, string>) as MediaEvent;
    await pool.query('update photos set state = $2 where media_id = $1', [data.id, type.replace('media.', '')]);
    res.status(204).end();
  } catch (error) {
    if (!(error instanceof WebhookVerificationError)) throw error;
    res.status(401).end();
  }
});
