/** One entry per kind of notification: the question whether what it tells of is (still) so. */
import type { Queryable } from '../../contract/database.ts';
import type { NotificationKind } from './text.ts';

export interface NotificationEvent {
  kind: NotificationKind;
  actorId: string;
  recipientId: string;
  objectId: string;
}

/** $1 object · $2 actor · $3 recipient. A row says that it is so; `noun` is what the object is called. */
const questions: Readonly<Record<NotificationKind, string>> = {
  like: `select p.noun from twolane_social.posts p join twolane_social.likes l on l.post_id = p.id
         where p.id = $1::bigint and l.user_id = $2 and p.author_id = $3 and p.state = 'published'`,
  comment: `select p.noun from twolane_social.posts p
            where p.id = $1::bigint and p.author_id = $3 and p.state = 'published'
              and exists (select 1 from twolane_social.comments c where c.post_id = p.id and c.author_id = $2)`,
  follow: `select null as noun from twolane_social.follows
           where followee_id = $1 and followee_id = $3 and follower_id = $2`,
  message: `select null as noun from twolane_social.thread_members sender
            join twolane_social.thread_members reader on reader.thread_id = sender.thread_id and reader.user_id = $3
            where sender.thread_id = $1::bigint and sender.user_id = $2 and sender.sent_seq > reader.read_seq
              and not exists (select 1 from twolane_social.blocks b where b.blocker_id = $3 and b.blocked_id = $2)`,
};

/** Kinds that an actor may cause again about the same object once the last one was read. */
export const repeating: ReadonlySet<NotificationKind> = new Set(['message'] as const);

export async function stillSo(tx: Queryable, event: NotificationEvent): Promise<{ noun: string | null } | undefined> {
  const values = [event.objectId, event.actorId, event.recipientId];
  const { rows } = await tx.query<{ noun: string | null }>(questions[event.kind], values);
  return rows[0];
}
