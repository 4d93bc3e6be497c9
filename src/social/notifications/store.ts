/** Notifications: one unread row per (user, kind, object) that gathers its actors, closed by reading it. */
import type { DatabaseFor, Queryable } from '../../contract/database.ts';
import { nextId } from '../ids.ts';
import type { NotificationCursor } from './cursor.ts';
import { type NotificationEvent, repeating, stillSo } from './facts.ts';
import type { NotificationKind } from './text.ts';

export interface Notification {
  id: string;
  kind: NotificationKind;
  objectId: string;
  noun: string | null;
  count: number;
  /** The newest three, the newest first. */
  actorIds: string[];
  unread: boolean;
  rank: string;
  createdAt: Date;
  readAt: Date | null;
}

export class NotificationStore {
  readonly #db: DatabaseFor;

  constructor(db: DatabaseFor) {
    this.#db = db;
  }

  /**
   * Makes the recipient's notification agree with what is so now: the actor is in it, once, or is not. Repeats change
   * nothing, and it doesn't matter whether a like or an unlike asked.
   */
  async agree(tx: Queryable, event: NotificationEvent): Promise<void> {
    const fact = await stillSo(tx, event);
    if (fact) await this.#add(tx, event, fact.noun);
    else await this.#withdraw(tx, event);
  }

  /** Unread ones first, in both parts those with the newest event first. */
  async page(userId: string, { limit, after }: { limit: number; after?: NotificationCursor }): Promise<Notification[]> {
    const { rows } = await this.#db(userId).query<Notification>(
      `select n.id::text, n.kind, n.object_id as "objectId", n.noun, n.actor_count as count, n.unread, n.rank::text,
         n.created_at as "createdAt", n.read_at as "readAt",
         array(select a.actor_id from twolane_social.notification_actors a
               where a.notification_id = n.id order by a.rank desc limit 3) as "actorIds"
       from twolane_social.notifications n
       where n.user_id = $1 and ($2::boolean is null or (n.unread, n.rank) < ($2, $3::bigint))
       order by n.unread desc, n.rank desc limit $4`,
      [userId, after?.unread ?? null, after?.rank ?? null, limit],
    );
    return rows;
  }

  /** Marks the given ones as read, or all of the user's. */
  async markRead(userId: string, ids?: readonly string[]): Promise<void> {
    await this.#db(userId).query(
      `update twolane_social.notifications set read_at = now()
       where user_id = $1 and read_at is null and ($2::bigint[] is null or id = any($2))`,
      [userId, ids ?? null],
    );
  }

  async #add(tx: Queryable, event: NotificationEvent, noun: string | null): Promise<void> {
    const known = await tx.query(
      `select 1 from twolane_social.notification_actors a
       where a.user_id = $1 and a.kind = $2 and a.object_id = $3 and a.actor_id = $4 and (not $5 or exists (
         select 1 from twolane_social.notifications n where n.id = a.notification_id and n.read_at is null))`,
      [...identity(event), repeating.has(event.kind)],
    );
    if (known.rowCount) return;
    const rank = await nextId(tx);
    const { rows } = await tx.query<{ id: string }>(
      `insert into twolane_social.notifications as n (id, user_id, kind, object_id, noun, actor_count, rank)
       values ($1, $2, $3, $4, $5, 1, $1)
       on conflict (user_id, kind, object_id) where read_at is null
       do update set actor_count = n.actor_count + 1, rank = greatest(n.rank, excluded.rank), created_at = now()
       returning id::text`,
      [rank, event.recipientId, event.kind, event.objectId, noun],
    );
    await tx.query(
      `insert into twolane_social.notification_actors (user_id, kind, object_id, actor_id, notification_id, rank)
       values ($1, $2, $3, $4, $5, $6) on conflict (user_id, kind, object_id, actor_id)
       do update set notification_id = excluded.notification_id, rank = excluded.rank`,
      [...identity(event), rows[0]?.id, rank],
    );
  }

  /** An actor who took it back before it was read no longer counts; what was read stays as it was. */
  async #withdraw(tx: Queryable, event: NotificationEvent): Promise<void> {
    const { rows } = await tx.query<{ id: string }>(
      `delete from twolane_social.notification_actors a using twolane_social.notifications n
       where a.user_id = $1 and a.kind = $2 and a.object_id = $3 and a.actor_id = $4
         and n.id = a.notification_id and n.read_at is null
       returning n.id::text`,
      identity(event),
    );
    if (!rows[0]) return;
    const left = await tx.query<{ count: number }>(
      `update twolane_social.notifications set actor_count = actor_count - 1 where id = $1 returning actor_count as count`,
      [rows[0].id],
    );
    if (left.rows[0]?.count === 0)
      await tx.query('delete from twolane_social.notifications where id = $1', [rows[0].id]);
  }
}

function identity({ recipientId, kind, objectId, actorId }: NotificationEvent): string[] {
  return [recipientId, kind, objectId, actorId];
}
