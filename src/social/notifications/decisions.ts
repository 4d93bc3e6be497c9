/** Why somebody was told, or was not: what the gates said of each event, kept for a while. */
import type { DatabaseFor, Queryable } from '../../contract/database.ts';
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

  /** Writes down what was decided, in this order. */
  async add(tx: Queryable, records: readonly (DecisionRecord & { userId: string })[]): Promise<void> {
    const column = <K extends keyof (typeof records)[number]>(name: K) => records.map((record) => record[name]);
    const { rows } = await tx.query<{ id: string; userId: string }>(
      `insert into twolane_social.notification_decisions (user_id, notification_id, kind, object_id, actor_id, outcome, steps, at)
       select user_id, notification_id, kind, object_id, actor_id, outcome, steps, at
       from unnest($1::text[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[], $7::jsonb[], $8::timestamptz[])
         with ordinality as d(user_id, notification_id, kind, object_id, actor_id, outcome, steps, at, place) order by place
       returning id, user_id as "userId"`,
      [
        ...[column('userId'), column('notificationId'), column('kind'), column('objectId'), column('actorId')],
        ...[column('outcome'), records.map(({ steps }) => JSON.stringify(steps)), column('at')],
      ],
    );
    const due = rows.filter(({ id }) => Number(id) % forgetEvery === 0).map(({ userId }) => userId);
    for (const userId of new Set(due)) await this.#forget(tx, userId);
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
