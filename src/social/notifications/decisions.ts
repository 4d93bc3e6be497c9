/** Why somebody was told, or was not: what the gates said of each event, kept for a while. */
import type { DatabaseFor, Queryable } from '../../contract/database.ts';
import type { NotificationGroup } from './facts.ts';
import type { Decision } from './gates.ts';

/** What was decided, and of what. */
export interface DecisionRecord {
  notificationId: string | null;
  kind: string;
  objectId: string;
  /** Who caused it; null when the time had come for what was deferred or gathered. */
  actorId: string | null;
  outcome: Decision['outcome'];
  steps: Decision['steps'];
  at: Date;
}

export interface DeliveryRecord {
  channel: string;
  state: 'pending' | 'sent' | 'failed' | 'gone' | 'skipped' | 'expired';
  detail: string | null;
  at: Date;
  settledAt: Date | null;
}

export interface Why {
  decisions: DecisionRecord[];
  deliveries: DeliveryRecord[];
}

/** Decisions that are kept of each user, and shown of one notification. */
const keptPerUser = 1_000;
const shown = 100;
/** How often the oldest of a user are forgotten: each time costs as much as so many decisions bring. */
const forgetEvery = 100;

const columns = `notification_id::text as "notificationId", kind, object_id as "objectId", actor_id as "actorId", outcome, steps, at`;

export class DecisionStore {
  readonly #db: DatabaseFor;

  constructor(db: DatabaseFor) {
    this.#db = db;
  }

  async add(
    tx: Queryable,
    group: NotificationGroup,
    decided: Omit<DecisionRecord, keyof NotificationGroup>,
  ): Promise<void> {
    const { notificationId, actorId, outcome, steps, at } = decided;
    const { rows } = await tx.query<{ id: string }>(
      `insert into twolane_social.notification_decisions (user_id, notification_id, kind, object_id, actor_id, outcome, steps, at)
       values ($1, $2, $3, $4, $5, $6, $7, $8) returning id`,
      [group.recipientId, notificationId, group.kind, group.objectId, actorId, outcome, JSON.stringify(steps), at],
    );
    if (Number(rows[0]?.id) % forgetEvery === 0) await this.#forget(tx, group.recipientId);
  }

  /** Undefined for a notification of somebody else, or one of which nothing is kept. */
  async of(userId: string, notificationId: string): Promise<Why | undefined> {
    const { rows } = await this.#db(userId).query<DecisionRecord>(
      `select ${columns} from twolane_social.notification_decisions
       where notification_id = $1 and user_id = $2 order by id desc limit ${shown}`,
      [notificationId, userId],
    );
    return rows.length > 0
      ? { decisions: rows, deliveries: await this.#deliveries(userId, [notificationId]) }
      : undefined;
  }

  /** What became of what an actor did about an object, whether it made a notification or not. */
  async about(userId: string, { objectId, actorId }: { objectId: string; actorId: string }): Promise<Why> {
    const { rows } = await this.#db(userId).query<DecisionRecord>(
      `select ${columns} from twolane_social.notification_decisions
       where user_id = $1 and object_id = $2 and actor_id = $3 order by id desc limit ${shown}`,
      [userId, objectId, actorId],
    );
    const ids = new Set(rows.flatMap(({ notificationId }) => notificationId ?? []));
    return { decisions: rows, deliveries: await this.#deliveries(userId, [...ids]) };
  }

  async #deliveries(userId: string, notificationIds: readonly string[]): Promise<DeliveryRecord[]> {
    const { rows } = await this.#db(userId).query<DeliveryRecord>(
      `select channel, state, detail, at, settled_at as "settledAt" from twolane_social.notification_deliveries
       where notification_id = any($1::bigint[]) and user_id = $2 order by id desc limit ${shown}`,
      [notificationIds, userId],
    );
    return rows;
  }

  async #forget(tx: Queryable, userId: string): Promise<void> {
    await tx.query(
      `delete from twolane_social.notification_decisions d where d.user_id = $1 and d.id <= (
         select o.id from twolane_social.notification_decisions o where o.user_id = $1
         order by o.id desc offset ${keptPerUser} limit 1)`,
      [userId],
    );
  }
}
