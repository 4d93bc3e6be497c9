/** Web Push (RFC 8030, 8291, 8292): encrypted for one browser, signed as this installation, sent by the guarded client. */
import type { Outgoing } from '../../../contract/outgoing.ts';
import { classes, typeOf } from '../types.ts';
import { type Channel, outcomeOf } from './channel.ts';

export interface PushSettings {
  publicKey: string;
  privateKey: string;
  /** Whom a push service may ask: `mailto:` or `https:`. */
  subject: string;
}

const timeoutMs = 15_000;
/** How long a push service keeps a message for a browser that is off, seconds. */
const keptS = 24 * 60 * 60;

export function pushChannel({ publicKey, privateKey, subject }: PushSettings, outgoing: Outgoing): Channel {
  return {
    name: 'push',
    async send({ target: { address, keys }, message, signal }) {
      const { default: webPush } = await import('web-push');
      const subscription = { endpoint: address, keys: { p256dh: keys.p256dh ?? '', auth: keys.auth ?? '' } };
      const { headers, body } = webPush.generateRequestDetails(subscription, JSON.stringify(message), {
        vapidDetails: { subject, publicKey, privateKey },
        TTL: keptS,
        urgency: classes[typeOf(message.kind).class].breaks ? 'high' : 'normal',
        // An update takes the place of what was not shown yet.
        topic: message.id,
      });
      const call = { method: 'POST' as const, url: address, headers: textOf(headers), body: body ?? undefined };
      const answer = await outgoing.call({ ...call, schemes: ['https:'], timeoutMs, signal });
      return outcomeOf(answer, { gone: [404, 410], final: [400, 401, 403, 413] });
    },
  };
}

/** The length of the body is the client's to say. */
function textOf(headers: Record<string, unknown>): Record<string, string> {
  const kept = Object.entries(headers).filter(([name]) => name.toLowerCase() !== 'content-length');
  return Object.fromEntries(kept.map(([name, value]) => [name, String(value)]));
}
