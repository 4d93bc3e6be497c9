/**
 * From events to announcements: the lists are made to agree, the gates decide, and the decisions are carried out, all in the
 * transaction that settles the jobs. What has to wait waits as a job, one per notification, and all gates are asked again then.
 *
 * Events come in batches. Those about one notification, such as the likes of one post, are one change of it.
 * A transaction first changes all of its notifications, in their order, then what belongs to their users, and enqueues last:
 * two of them never wait for each other.
 */
import { announceNotification } from '../../../jobs/realtime/announce-notification.job.ts';
import type { Queryable } from '../../contract/database.ts';
import type { EnqueueItem } from '../../contract/enqueue.ts';
import type { Enqueuer } from '../../contract/enqueuer.ts';
import type { Wakes } from '../streams/wakes.ts';
import type { Announcements } from './announcements.ts';
import type { DecisionRecord, DecisionStore } from './decisions.ts';
import type { NotificationEvent, NotificationGroup } from './facts.ts';
import { type Decision, decide } from './gates.ts';
import { agree, type Change, whatIsNew } from './groups.ts';
import { wanted } from './preferences.ts';
import { type Situation, situationOf } from './situation.ts';
import type { NotificationStore } from './store.ts';
import { closedChannels, type OutsideChannel } from './targets.ts';
import type { NotificationKind } from './types.ts';

/** Commits an effect and the success of the jobs that asked for it. */
type Settle = (effect: (tx: Queryable) => Promise<void>) => Promise<void>;

export interface AnnouncingParts {
  list: NotificationStore;
  decisions: DecisionStore;
  announcements: Announcements;
  followUps: Enqueuer;
  wakes: Pick<Wakes, 'wake'>;
  /** Channels outside of the app that this installation has. */
  configured: readonly OutsideChannel[];
}

export interface HeardEvent {
  event: NotificationEvent;
  traceparent: string | undefined;
}

/** What some people did about one thing. */
interface Deeds {
  group: NotificationGroup;
  /** Each once; null: the time has come for what was deferred or gathered. */
  actorIds: readonly (string | null)[];
  traceparent: string | undefined;
}

/** What the gates said of a change. */
interface Decided {
  change: Change;
  decision: Decision;
}

/** What a transaction leaves to its end. */
interface Outcome {
  records: (DecisionRecord & { userId: string })[];
  items: EnqueueItem[];
  toldUsers: Set<string>;
}

export class Announcing {
  readonly #parts: AnnouncingParts;

  constructor(parts: AnnouncingParts) {
    this.#parts = parts;
  }

  /** People did something, or took it back. */
  async hear(events: readonly HeardEvent[], settle: Settle): Promise<void> {
    const all = together(events);
    await this.#settle(settle, async (tx, outcome) => {
      const changes: Change[][] = [];
      for (const { group, actorIds } of all) changes.push(await agree(tx, group, actorIds as string[]));
      for (const [index, deeds] of all.entries()) await this.#conclude(tx, deeds, changes[index] ?? [], outcome);
    });
  }

  /** The time has come for what was deferred or gathered. */
  async release(
    { notificationId, ...group }: NotificationGroup & { notificationId: string },
    { settle, traceparent }: { settle: Settle; traceparent: string | undefined },
  ): Promise<void> {
    await this.#settle(settle, async (tx, outcome) => {
      const change = await whatIsNew(tx, group, notificationId);
      await this.#conclude(tx, { group, actorIds: [null], traceparent }, [change], outcome);
    });
  }

  async #settle(settle: Settle, work: (tx: Queryable, outcome: Outcome) => Promise<void>): Promise<void> {
    const { decisions, followUps, wakes } = this.#parts;
    const toldUsers = new Set<string>();
    await settle(async (tx) => {
      const outcome: Outcome = { records: [], items: [], toldUsers };
      await work(tx, outcome);
      await decisions.add(tx, outcome.records);
      if (outcome.items.length > 0) await followUps.enqueueIn(tx, outcome.items);
    });
    if (toldUsers.size > 0) await wakes.wake([...toldUsers]);
  }

  /** Asks the gates about each change, and carries out what they say. */
  async #conclude(tx: Queryable, deeds: Deeds, changes: readonly Change[], outcome: Outcome): Promise<void> {
    const { group, actorIds } = deeds;
    const { recipientId: userId, kind, objectId } = group;
    const situation = await situationOf(tx, group);
    const decided = this.#decide(kind, situation, changes);
    for (const [index, { change, decision }] of decided.entries()) {
      const [notificationId, actorId] = [change.notificationId ?? null, actorIds[index] ?? null];
      const { outcome: said, steps } = decision;
      outcome.records.push({
        userId,
        notificationId,
        kind,
        objectId,
        actorId,
        outcome: said,
        steps,
        at: situation.now,
      });
    }
    await this.#carryOut(tx, { ...deeds, situation }, decided, outcome);
  }

  /** One after another: once the first of those who are gathered was told of, the others join what is told later. */
  #decide(kind: NotificationKind, situation: Situation, changes: readonly Change[]): Decided[] {
    const closed = closedChannels(situation.targets, this.#parts.configured);
    let tellingAt: Date | undefined;
    return changes.map((change) => {
      const announcedAt = tellingAt ?? change.announcedAt;
      const decision = decide({ ...situation, kind, news: change.news, announcedAt, closed });
      if (decision.outcome === 'send') tellingAt = situation.now;
      return { change, decision };
    });
  }

  async #carryOut(
    tx: Queryable,
    deeds: Deeds & { situation: Situation },
    decided: readonly Decided[],
    { items, toldUsers }: Outcome,
  ): Promise<void> {
    const { group, situation, traceparent } = deeds;
    const { kind, recipientId, objectId } = group;
    const fresh = decided.filter(({ change }) => change.news === 'new');
    const notificationId = fresh[0]?.change.notificationId;
    if (!notificationId) return;
    await this.#parts.list.list(tx, notificationId, wanted(kind, situation.preferences).includes('in-app'));
    const told = fresh.findLast(({ decision }) => decision.outcome === 'send');
    if (told) {
      const { decision, change } = told;
      const announced = { ...deeds, notificationId, decision, through: change.rank };
      items.push(...(await this.#parts.announcements.make(tx, announced)));
      toldUsers.add(recipientId);
    }
    const until = fresh.at(-1)?.decision.until;
    if (!until) return;
    // Whatever else happens until then joins the job that waits already.
    const ms = Math.max(until.getTime() - situation.now.getTime(), 1);
    const options = { debounce: { key: notificationId, ms, maxMs: ms }, traceparent };
    items.push({ job: announceNotification, payload: { kind, recipientId, objectId, notificationId }, options });
  }
}

/** Events about the same thing together, in the order in which rows are locked. */
function together(events: readonly HeardEvent[]): Deeds[] {
  const byGroup = new Map<
    string,
    { group: NotificationGroup; actorIds: Set<string>; traceparent: string | undefined }
  >();
  for (const { event, traceparent } of events) {
    const { actorId, kind, recipientId, objectId } = event;
    const name = [recipientId, kind, objectId].join('\n');
    const deeds = byGroup.get(name);
    if (deeds) deeds.actorIds.add(actorId);
    else byGroup.set(name, { group: { kind, recipientId, objectId }, actorIds: new Set([actorId]), traceparent });
  }
  return [...byGroup.keys()].sort().map((name) => {
    const { group, actorIds, traceparent } = byGroup.get(name) as NonNullable<ReturnType<typeof byGroup.get>>;
    return { group, actorIds: [...actorIds], traceparent };
  });
}
