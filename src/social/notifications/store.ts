/** The list of notifications: read in pages, marked as read. */
import type { DatabaseFor, Queryable } from '../../contract/database.ts';
import type { NotificationCursor } from './cursor.ts';
import type { NotificationKind } from './types.ts';

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

const columns = `n.id::text, n.kind, n.object_id as "objectId", n.noun, n.unread, n.rank::text, n.created_at as "createdAt",
  n.read_at as "readAt"`;
const everybody = `${columns}, n.actor_count as count,
  array(select a.actor_id from twolane_social.notification_actors a
        where a.notification_id = n.id order by a.rank desc limit 3) as "actorIds"`;
/** As in the list: without private accounts that have mentioned the user and are not open to him any more. */
const asListed = `${columns},
  n.actor_count - case when n.kind = 'mention' then twolane_social.hidden_mentions(n) else 0 end as count,
  array(select a.actor_id from twolane_social.notification_actors a
        where a.notification_id = n.id and (n.kind <> 'mention' or twolane_social.may_mention(a.actor_id, n.user_id, n.object_id::bigint))
        order by a.rank desc limit 3) as "actorIds"`;
const listed = `n.listed and case when n.kind = 'mention'
  then n.actor_count > twolane_social.hidden_mentions(n) else true end`;

export class NotificationStore {
  readonly #db: DatabaseFor;

  constructor(db: DatabaseFor) {
    this.#db = db;
  }

  /** Unread ones first, in both parts those with the newest event first. */
  async page(userId: string, { limit, after }: { limit: number; after?: NotificationCursor }): Promise<Notification[]> {
    const { rows } = await this.#db(userId).query<Notification>(
      `select ${asListed} from twolane_social.notifications n
       where n.user_id = $1 and ${listed} and ($2::boolean is null or (n.unread, n.rank) < ($2, $3::bigint))
       order by n.unread desc, n.rank desc limit $4`,
      [userId, after?.unread ?? null, after?.rank ?? null, limit],
    );
    return rows;
  }

  /** As it is for the actors up to a rank; undefined: for all of them. */
  async find(tx: Queryable, id: string, through?: string): Promise<Notification> {
    const { rows } = await tx.query<Notification>(
      through === undefined
        ? `select ${everybody} from twolane_social.notifications n where n.id = $1`
        : `select ${columns}, n.actor_count - (select count(*)::int from twolane_social.notification_actors a
             where a.notification_id = n.id and a.rank > $2) as count,
             array(select a.actor_id from twolane_social.notification_actors a
               where a.notification_id = n.id and a.rank <= $2 order by a.rank desc limit 3) as "actorIds"
           from twolane_social.notifications n where n.id = $1`,
      through === undefined ? [id] : [id, through],
    );
    return rows[0] as Notification;
  }

  /** Shows a notification in the list, or keeps it out. */
  async list(tx: Queryable, id: string, listed: boolean): Promise<void> {
    await tx.query('update twolane_social.notifications set listed = $2 where id = $1 and listed <> $2', [id, listed]);
  }

  async unreadCount(userId: string): Promise<number> {
    const { rows } = await this.#db(userId).query<{ count: number }>(
      `select count(*)::int as count from twolane_social.notifications n where n.user_id = $1 and n.unread and ${listed}`,
      [userId],
    );
    return rows[0]?.count ?? 0;
  }

  /** Marks the given ones as read, or all of the user's. */
  async markRead(userId: string, ids?: readonly string[]): Promise<void> {
    await this.#db(userId).query(
      `update twolane_social.notifications set read_at = now() where id in (
         select id from twolane_social.notifications
         where user_id = $1 and read_at is null and ($2::bigint[] is null or id = any($2))
         order by kind collate "C", object_id for update)`,
      [userId, ids ?? null],
    );
  }
}
