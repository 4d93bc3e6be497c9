/** Secrets and headers by Standard Webhooks: https://www.standardwebhooks.com. */
import { randomBytes } from 'node:crypto';
import { Webhook } from 'standardwebhooks';

/** 256 random bits, in the spelling that every library of the standard takes. */
export function newWebhookSecret(): string {
  return `whsec_${randomBytes(32).toString('base64')}`;
}

/** The headers of one attempt: a signature per secret, the newest first, so that a receiver may know either. */
export function signedHeaders(id: string, body: string, secrets: readonly string[], at = new Date()) {
  return {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
    'webhook-signature': secrets.map((secret) => new Webhook(secret).sign(id, at, body)).join(' '),
  };
}
