/** Web Push (RFC 8030, 8291, 8292): encrypted for one browser, signed as this installation, sent by the guarded client. */
import type { IncomingMessage } from 'node:http';
import type { Outgoing } from '../contract/outgoing.ts';

export interface PushSettings {
  /** What browsers subscribe with. */
  publicKey: string;
  privateKey: string;
  /** Whom a push service may ask: `mailto:` or `https:`. */
  subject: string;
}

export interface PushMessage {
  /** As `PushSubscription.toJSON()` gives it. */
  endpoint: string;
  keys: { p256dh: string; auth: string };
  /** Shown as JSON to the service worker; with it encrypted at most some 3,900 bytes. */
  payload: unknown;
  urgency: 'normal' | 'high';
  /** Takes the place of what has the same topic and was not shown yet; up to 32 letters, digits, `-` and `_`. */
  topic: string;
  signal?: AbortSignal;
}

export interface WebPush {
  publicKey: string;
  /** The answer of the push service, whose body the caller destroys. @throws what `Outgoing.call` throws */
  send(message: PushMessage): Promise<IncomingMessage>;
}

/** Statuses by which a push service says that the browser has no such subscription any more. */
export const goneStatuses: readonly number[] = [404, 410];

const timeoutMs = 15_000;
/** How long a push service keeps a message for a browser that is off, seconds. */
const keptS = 24 * 60 * 60;

export function createWebPush({ publicKey, privateKey, subject }: PushSettings, outgoing: Outgoing): WebPush {
  return {
    publicKey,
    async send({ endpoint, keys, payload, urgency, topic, signal }) {
      const { default: webPush } = await import('web-push');
      const { headers, body } = webPush.generateRequestDetails({ endpoint, keys }, JSON.stringify(payload), {
        vapidDetails: { subject, publicKey, privateKey },
        TTL: keptS,
        urgency,
        topic,
      });
      const call = { method: 'POST' as const, url: endpoint, headers: textOf(headers), body: body ?? undefined };
      return outgoing.call({ ...call, schemes: ['https:'], timeoutMs, ...(signal && { signal }) });
    },
  };
}

/** The length of the body is the client's to say. */
function textOf(headers: Record<string, unknown>): Record<string, string> {
  const kept = Object.entries(headers).filter(([name]) => name.toLowerCase() !== 'content-length');
  return Object.fromEntries(kept.map(([name, value]) => [name, String(value)]));
}
