/** A user's own webhook: signed by Standard Webhooks, sent by the guarded client, which connects only to what it has checked. */
import type { Outgoing } from '../../../contract/outgoing.ts';
import { signedHeaders } from '../../../webhooks/sign.ts';
import { type Channel, outcomeOf } from './channel.ts';

const timeoutMs = 15_000;

export function webhookChannel(outgoing: Outgoing): Channel {
  return {
    name: 'webhook',
    async send({ deliveryId, target: { address: url, keys }, message, signal }) {
      const { at: timestamp, ...data } = message;
      const body = JSON.stringify({ type: 'notification.announced', timestamp, data });
      const headers = signedHeaders(`ntf_${deliveryId}`, body, [keys.secret ?? '']);
      const answer = await outgoing.call({
        method: 'POST',
        url,
        headers,
        body,
        schemes: ['https:'],
        timeoutMs,
        signal,
      });
      return outcomeOf(answer, { gone: [410], final: [] });
    },
  };
}
