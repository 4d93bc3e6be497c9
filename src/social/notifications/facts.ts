/** One entry per kind of notification: the question whether what it tells of is (still) so. */
import type { Queryable } from '../../contract/database.ts';
import type { NotificationKind } from './text.ts';

export interface NotificationEvent {
  kind: NotificationKind;
  actorId: string;
  recipientId: string;
  objectId: string;
}

/** $1 object · $2 actor. A row says that it is so; `noun` is what the object is called. */
const questions: Readonly<Record<NotificationKind, string>> = {
  like: `select p.noun from twolane_social.posts p join twolane_social.likes l on l.post_id = p.id
         where p.id = $1::bigint and l.user_id = $2 and p.state = 'published'`,
  comment: `select p.noun from twolane_social.posts p
            where p.id = $1::bigint and p.state = 'published'
              and exists (select 1 from twolane_social.comments c where c.post_id = p.id and c.author_id = $2)`,
  follow: 'select null as noun from twolane_social.follows where followee_id = $1 and follower_id = $2',
};

export async function stillSo(tx: Queryable, event: NotificationEvent): Promise<{ noun: string | null } | undefined> {
  const { rows } = await tx.query<{ noun: string | null }>(questions[event.kind], [event.objectId, event.actorId]);
  return rows[0];
}
