/** What feeds are made of, as PostgreSQL has it: which posts belong into a feed, and where a post belongs. */
import type { DatabaseFor } from '../../contract/database.ts';
import { type PostRow, postColumns, toPost } from './post-rows.ts';
import type { IdPage, Post } from './posts.ts';

/** `written` into its followers' feeds, `merged` into them as they are read, or `nowhere`: not published, or for its author only. */
export type Place = 'written' | 'merged' | 'nowhere';

const newest = 9_223_372_036_854_775_807n;

export class FeedPosts {
  readonly #db: DatabaseFor;

  constructor(db: DatabaseFor) {
    this.#db = db;
  }

  async placeOf(postId: string): Promise<Place> {
    return (await this.standing(postId)).place;
  }

  /** Where a post belongs, and how many followers its author has ever lost. */
  async standing(postId: string): Promise<{ place: Place; followersLost: number }> {
    const { rows } = await this.#db(postId).query<{ place: Place; followersLost: number }>(
      `select case when p.state <> 'published' or p.audience = 'me' then 'nowhere' when p.merged then 'merged' else 'written' end as place,
         coalesce(c.followers_lost, 0) as "followersLost"
       from twolane_social.posts p left join twolane_social.user_counts c on c.user_id = p.author_id where p.id = $1`,
      [postId],
    );
    return rows[0] ?? { place: 'nowhere', followersLost: 0 };
  }

  /** Those of the ids that belong in the viewer's feed now: by the viewer or somebody the viewer follows. Newest first. */
  async shown(ids: readonly string[], viewerId: string): Promise<Post[]> {
    const { rows } = await this.#db(viewerId).query<PostRow>(
      `${postColumns} where p.id = any($1::bigint[]) and p.state = 'published' and p.audience <> 'me'
         and (p.author_id = $2 or exists (
           select 1 from twolane_social.follows where follower_id = $2 and followee_id = p.author_id))
       order by p.id desc`,
      [ids, viewerId],
    );
    return rows.map(toPost);
  }

  /** The newest posts that are written into a user's feed when it is whole: of those whom the user follows, and the user's own. */
  async written(userId: string, { limit, before }: IdPage): Promise<string[]> {
    const { rows } = await this.#db(userId).query<{ id: string }>(
      `select newest.id::text from (
         select followee_id as author_id from twolane_social.follows where follower_id = $1 union all select $1) authors
       cross join lateral (
         select id from twolane_social.posts
         where author_id = authors.author_id and state = 'published' and not merged and audience <> 'me' and id < $3
         order by id desc limit $2) newest
       order by newest.id desc limit $2`,
      [userId, limit, before ?? newest],
    );
    return rows.map((row) => row.id);
  }

  /** The newest posts that are merged into a user's feed. */
  async merged(userId: string, { limit, before }: IdPage): Promise<string[]> {
    const { rows } = await this.#db(userId).query<{ id: string }>(
      `select newest.id::text from (
         select a.author_id from twolane_social.merged_authors a
         where a.author_id = $1 or exists (
           select 1 from twolane_social.follows where follower_id = $1 and followee_id = a.author_id)) authors
       cross join lateral (
         select id from twolane_social.posts
         where author_id = authors.author_id and state = 'published' and merged and audience <> 'me' and id < $3
         order by id desc limit $2) newest
       order by newest.id desc limit $2`,
      [userId, limit, before ?? newest],
    );
    return rows.map((row) => row.id);
  }
}
