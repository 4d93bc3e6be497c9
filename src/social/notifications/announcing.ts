/**
 * From an event to its announcement: the list is made to agree, the gates decide, and the decision is carried out, all in the
 * transaction that settles the job. What has to wait waits as a job, one per notification, and all gates are asked again then.
 */
import { announceNotification } from '../../../jobs/realtime/announce-notification.job.ts';
import { deliverNotification } from '../../../jobs/realtime/deliver-notification.job.ts';
import type { Queryable } from '../../contract/database.ts';
import type { Enqueuer } from '../../contract/enqueuer.ts';
import type { JobContext } from '../../contract/handler.ts';
import type { EventOutbox } from '../../contract/webhooks.ts';
import type { UserStore } from '../stores/users.ts';
import type { Wakes } from '../streams/wakes.ts';
import type { Message } from './channels/channel.ts';
import type { DecisionStore } from './decisions.ts';
import type { NotificationEvent, NotificationGroup } from './facts.ts';
import { type Decision, decide } from './gates.ts';
import { agree, type Change, whatIsNew } from './groups.ts';
import { wanted } from './preferences.ts';
import { type Situation, situationOf } from './situation.ts';
import type { NotificationStore } from './store.ts';
import { closedChannels, type OutsideChannel } from './targets.ts';
import { notificationText } from './text.ts';
import { typeOf } from './types.ts';

type SettlingContext = Pick<JobContext<void>, 'settle' | 'traceparent'>;

export interface AnnouncingParts {
  list: NotificationStore;
  decisions: DecisionStore;
  users: UserStore;
  events: EventOutbox;
  followUps: Enqueuer;
  wakes: Pick<Wakes, 'wake'>;
  /** Channels outside of the app that this installation has. */
  configured: readonly OutsideChannel[];
}

/** What was decided of a notification in the list. */
interface Decided {
  group: NotificationGroup;
  notificationId: string;
  decision: Decision;
  situation: Situation;
  traceparent: string | undefined;
}

export class Announcing {
  readonly #parts: AnnouncingParts;

  constructor(parts: AnnouncingParts) {
    this.#parts = parts;
  }

  /** Somebody did something, or took it back. */
  async hear(event: NotificationEvent, context: SettlingContext): Promise<void> {
    await this.#settle(event, event.actorId, context, (tx) => agree(tx, event));
  }

  /** The time has come for what was deferred or gathered. */
  async release(due: NotificationGroup & { notificationId: string }, context: SettlingContext): Promise<void> {
    await this.#settle(due, null, context, (tx) => whatIsNew(tx, due, due.notificationId));
  }

  async #settle(
    group: NotificationGroup,
    actorId: string | null,
    { settle, traceparent }: SettlingContext,
    change: (tx: Queryable) => Promise<Change>,
  ): Promise<void> {
    let announced = false;
    await settle(async (tx) => {
      const { news, notificationId, announcedAt } = await change(tx);
      const situation = await situationOf(tx, group);
      const closed = closedChannels(situation.targets, this.#parts.configured);
      const decision = decide({ ...situation, kind: group.kind, news, announcedAt, closed });
      const { outcome, steps } = decision;
      const record = { notificationId: notificationId ?? null, actorId, outcome, steps, at: situation.now };
      await this.#parts.decisions.add(tx, group, record);
      if (notificationId === undefined || news !== 'new') return;
      await this.#carryOut(tx, { group, notificationId, decision, situation, traceparent });
      announced = outcome === 'send';
    });
    if (announced) await this.#parts.wakes.wake([group.recipientId]);
  }

  async #carryOut(tx: Queryable, decided: Decided): Promise<void> {
    const { group, notificationId, decision, situation } = decided;
    const listed = wanted(group.kind, situation.preferences).includes('in-app');
    await this.#parts.list.list(tx, notificationId, listed);
    if (decision.outcome === 'send') await this.#announce(tx, decided);
    else if (decision.until) await this.#wait(tx, decided, decision.until);
  }

  async #announce(tx: Queryable, { group, notificationId, decision, situation, traceparent }: Decided): Promise<void> {
    const { events, followUps } = this.#parts;
    const message = await this.#message(tx, notificationId, situation.now);
    const targets = situation.targets.filter(
      ({ channel, confirmed }) => confirmed && decision.channels.includes(channel),
    );
    const { rows } = await tx.query<{ id: string; destination: string }>(
      'select id, destination from twolane_social.announce($1, $2, $3, $4, $5, $6)',
      [
        notificationId,
        typeOf(group.kind).class,
        decision.channels.includes('in-app'),
        message.text,
        JSON.stringify(message),
        targets.map(({ id }) => id),
      ],
    );
    await events.tell(tx, 'notification.announced', { userId: group.recipientId, ...message });
    const items = rows.map(({ id, destination }) => ({
      job: deliverNotification,
      payload: { deliveryId: id },
      options: { key: destination, traceparent },
    }));
    if (items.length > 0) await followUps.enqueueIn(tx, items);
  }

  /** As it is told now, whatever happens afterwards. */
  async #message(tx: Queryable, id: string, now: Date): Promise<Message> {
    const { kind, objectId, noun, count, actorIds } = await this.#parts.list.find(tx, id);
    const names = await this.#parts.users.names(actorIds, tx);
    const called = actorIds.map((actor) => names.get(actor) ?? actor);
    const text = notificationText(kind, called, count, noun ?? undefined);
    return { id, kind, objectId, count, text, at: now.toISOString() };
  }

  /** Whatever else happens until then joins the job that waits already. */
  async #wait(tx: Queryable, { group, notificationId, situation, traceparent }: Decided, until: Date): Promise<void> {
    const ms = Math.max(until.getTime() - situation.now.getTime(), 1);
    const { kind, recipientId, objectId } = group;
    await this.#parts.followUps.enqueueIn(tx, [
      {
        job: announceNotification,
        payload: { kind, recipientId, objectId, notificationId },
        options: { debounce: { key: notificationId, ms, maxMs: ms }, traceparent },
      },
    ]);
  }
}
