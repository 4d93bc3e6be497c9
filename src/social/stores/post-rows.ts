/** How a row of `posts` is read, and which posts a viewer may see. */
import type { Post } from './posts.ts';

export type PostRow = Omit<Post, 'createdAt'> & { createdAt: Date };

export const postColumns = `
  select p.id::text, p.author_id as "authorId", p.caption, p.noun, p.state, p.audience, p.merged, p.error, p.job_id::text as "jobId",
    p.like_count as "likeCount", p.comment_count as "commentCount", p.created_at as "createdAt",
    array(select m.media_id::text from twolane_social.post_media m where m.post_id = p.id order by m.position) as "mediaIds"
  from twolane_social.posts p`;

/** A condition on `p`: published, for the viewer's eyes, and neither the author nor the viewer, parameter $2, has blocked the other. */
export const visibleToViewer = `p.state = 'published' and (p.author_id = $2
    or (p.audience = 'everyone' and not twolane_social.is_private(p.author_id))
    or (p.audience <> 'me' and exists (
      select 1 from twolane_social.follows v where v.follower_id = $2 and v.followee_id = p.author_id)))
  and not exists (
    select 1 from twolane_social.blocks b where (b.blocker_id = p.author_id and b.blocked_id = $2)
      or (b.blocker_id = $2 and b.blocked_id = p.author_id))`;

export function toPost(row: PostRow): Post {
  return { ...row, createdAt: row.createdAt.toISOString() };
}
