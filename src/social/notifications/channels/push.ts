/** Notifications in browsers, by Web Push. */
import type { Outgoing } from '../../../contract/outgoing.ts';
import { createWebPush, goneStatuses, type PushSettings } from '../../../outgoing/index.ts';
import { classes, typeOf } from '../types.ts';
import { type Channel, outcomeOf } from './channel.ts';

export type { PushSettings };

export function pushChannel(settings: PushSettings, outgoing: Outgoing): Channel {
  const push = createWebPush(settings, outgoing);
  return {
    name: 'push',
    async send({ target: { address, keys }, message, signal }) {
      const answer = await push.send({
        endpoint: address,
        keys: { p256dh: keys.p256dh ?? '', auth: keys.auth ?? '' },
        payload: message,
        urgency: classes[typeOf(message.kind).class].breaks ? 'high' : 'normal',
        // An update takes the place of what was not shown yet.
        topic: message.id,
        signal,
      });
      return outcomeOf(answer, { gone: goneStatuses, final: [400, 401, 403, 413] });
    },
  };
}
