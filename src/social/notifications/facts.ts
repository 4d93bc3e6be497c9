/** One entry per kind of notification: the question who of some actors did what it tells of, as it is now. */
import type { Queryable } from '../../contract/database.ts';
import { visibleToViewer } from '../stores/post-rows.ts';
import type { NotificationKind } from './types.ts';

/** What the notifications of an object tell its recipient. */
export interface NotificationGroup {
  kind: NotificationKind;
  recipientId: string;
  objectId: string;
}

export interface NotificationEvent extends NotificationGroup {
  actorId: string;
}

const apart = 'twolane_social.are_apart(a.id, $2)';

/** $1 object · $2 recipient · $3 actors, as `a`. A row per actor who did; `noun` is what the object is called. */
const questions: Readonly<Record<NotificationKind, string>> = {
  like: `select a.id, p.noun from actors a join twolane_social.posts p on p.id = $1::bigint
         where p.author_id = $2 and p.state = 'published' and not ${apart}
           and exists (select 1 from twolane_social.likes l where l.post_id = p.id and l.user_id = a.id)`,
  comment: `select a.id, p.noun from actors a join twolane_social.posts p on p.id = $1::bigint
            where p.author_id = $2 and p.state = 'published' and not ${apart}
              and exists (select 1 from twolane_social.comments c where c.post_id = p.id and c.author_id = a.id)`,
  mention: `select a.id, p.noun from actors a join twolane_social.posts p on p.id = $1::bigint
            where ${visibleToViewer} and not ${apart} and twolane_social.may_mention(a.id, $2, p.id) and exists (select 1 from twolane_social.comment_mentions m
              where m.post_id = p.id and m.author_id = a.id and m.user_id = $2)`,
  follow: `select a.id, null as noun from actors a where $1 = $2 and exists (select 1 from twolane_social.follows f
             where f.followee_id = $2 and f.follower_id = a.id)`,
  'follow-request': `select a.id, null as noun from actors a where $1 = $2 and exists (
             select 1 from twolane_social.follow_requests f where f.followee_id = $2 and f.follower_id = a.id)`,
  'follow-accepted': `select a.id, null as noun from actors a where $1 = $2 and exists (
             select 1 from twolane_social.follows f where f.follower_id = $2 and f.followee_id = a.id)`,
  message: `select a.id, null as noun from actors a
            join twolane_social.thread_members sender on sender.thread_id = $1::bigint and sender.user_id = a.id
            join twolane_social.thread_members reader on reader.thread_id = sender.thread_id and reader.user_id = $2
            where sender.sent_seq > reader.read_seq and not exists (
              select 1 from twolane_social.blocks b where b.blocker_id = $2 and b.blocked_id = a.id)`,
  'logged-out': 'select a.id, null as noun from actors a where $1::text is not null and $2::text is not null',
};

/** Those of the actors of whom it is (still) so, with what the object is called. */
export async function stillSo(
  tx: Queryable,
  { kind, recipientId, objectId }: NotificationGroup,
  actorIds: readonly string[],
): Promise<{ id: string; noun: string | null }[]> {
  const { rows } = await tx.query<{ id: string; noun: string | null }>(
    `with actors as (select unnest($3::text[]) as id) ${questions[kind]}`,
    [objectId, recipientId, actorIds],
  );
  return rows;
}
