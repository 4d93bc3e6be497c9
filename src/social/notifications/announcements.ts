/** Makes announcements: what a user is told of a notification at one moment, and the deliveries that carry it out of the app. */
import { deliverNotification } from '../../../jobs/realtime/deliver-notification.job.ts';
import type { Queryable } from '../../contract/database.ts';
import type { EnqueueItem } from '../../contract/enqueue.ts';
import type { EventOutbox } from '../../contract/webhooks.ts';
import type { UserStore } from '../stores/users.ts';
import type { Message } from './channels/channel.ts';
import type { NotificationGroup } from './facts.ts';
import type { Decision } from './gates.ts';
import type { Situation } from './situation.ts';
import type { NotificationStore } from './store.ts';
import { notificationText } from './text.ts';
import { typeOf } from './types.ts';

export interface AnnouncementParts {
  list: NotificationStore;
  users: UserStore;
  events: EventOutbox;
}

/** A notification of which its user is told now. */
export interface Announced {
  group: NotificationGroup;
  notificationId: string;
  decision: Decision;
  situation: Situation;
  traceparent: string | undefined;
  /** The rank of the last actor of whom it tells; undefined: of all of them. */
  through: string | undefined;
}

export class Announcements {
  readonly #parts: AnnouncementParts;

  constructor(parts: AnnouncementParts) {
    this.#parts = parts;
  }

  /** Answers the jobs that deliver it, for its transaction to enqueue. */
  async make(tx: Queryable, announced: Announced): Promise<EnqueueItem[]> {
    const { group, notificationId, decision, situation, traceparent, through } = announced;
    const message = await this.#message(tx, announced);
    const targets = situation.targets.filter(
      ({ channel, confirmed }) => confirmed && decision.channels.includes(channel),
    );
    const { rows } = await tx.query<{ id: string; destination: string }>(
      'select id, destination from twolane_social.announce($1, $2, $3, $4, $5, $6)',
      [
        notificationId,
        through ?? null,
        typeOf(group.kind).class,
        decision.channels.includes('in-app'),
        JSON.stringify(message),
        targets.map(({ id }) => id),
      ],
    );
    await this.#parts.events.tell(tx, 'notification.announced', { userId: group.recipientId, ...message });
    return rows.map(({ id, destination }) => ({
      job: deliverNotification,
      payload: { deliveryId: id },
      options: { key: destination, traceparent },
    }));
  }

  /** As it is told now, whatever happens afterwards. */
  async #message(tx: Queryable, { notificationId: id, through, situation }: Announced): Promise<Message> {
    const { list, users } = this.#parts;
    const { kind, objectId, noun, count, actorIds } = await list.find(tx, id, through);
    const names = await users.names(actorIds, tx);
    const called = actorIds.map((actor) => names.get(actor) ?? actor);
    const text = notificationText(kind, called, count, noun ?? undefined);
    return { id, kind, objectId, count, text, at: situation.now.toISOString() };
  }
}
