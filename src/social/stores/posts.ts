/** Posts: written as pending, published once by their job, deleted by a mark that every read obeys. */
import type { DatabaseFor, Queryable } from '../../contract/database.ts';
import type { EventOutbox } from '../../contract/webhooks.ts';
import { type PostRow, postColumns, toPost, visibleToViewer } from './post-rows.ts';
import type { UserStore } from './users.ts';

export type PostState = 'pending' | 'published' | 'deleted' | 'failed';

export interface Post {
  id: string;
  authorId: string;
  caption: string;
  /** What a notification calls it: photo, video or post. */
  noun: string;
  state: PostState;
  error: { code: string; message: string } | null;
  jobId: string;
  likeCount: number;
  commentCount: number;
  createdAt: string;
  mediaIds: string[];
}

export type NewPost = Pick<Post, 'id' | 'authorId' | 'caption' | 'noun' | 'jobId' | 'mediaIds'>;

/** Newest first, before an id. */
export interface IdPage {
  limit: number;
  before?: string;
}

export class PostStore {
  readonly #db: DatabaseFor;
  readonly #users: UserStore;
  readonly #events: EventOutbox;

  constructor(db: DatabaseFor, users: UserStore, events: EventOutbox) {
    this.#db = db;
    this.#users = users;
    this.#events = events;
  }

  async add(tx: Queryable, post: NewPost): Promise<void> {
    await tx.query(
      'insert into twolane_social.posts (id, author_id, caption, noun, job_id) values ($1, $2, $3, $4, $5)',
      [post.id, post.authorId, post.caption, post.noun, post.jobId],
    );
    await tx.query(
      `insert into twolane_social.post_media (post_id, position, media_id)
       select $1, position, id from unnest($2::bigint[]) with ordinality as m(id, position)`,
      [post.id, post.mediaIds],
    );
  }

  /** In whatever state it is. */
  async find(id: string, through: Queryable = this.#db(id)): Promise<Post | undefined> {
    const { rows } = await through.query<PostRow>(`${postColumns} where p.id = $1`, [id]);
    return rows[0] && toPost(rows[0]);
  }

  /** A published post that nobody's block hides from the viewer. */
  async visible(id: string, viewerId: string, through: Queryable = this.#db(id)): Promise<Post | undefined> {
    const { rows } = await through.query<PostRow>(`${postColumns} where p.id = $1 and ${visibleToViewer}`, [
      id,
      viewerId,
    ]);
    return rows[0] && toPost(rows[0]);
  }

  /** Those of the ids that belong in the viewer's feed now: published, by the viewer or somebody the viewer follows. */
  async forFeed(ids: readonly string[], viewerId: string): Promise<Post[]> {
    const { rows } = await this.#db(viewerId).query<PostRow>(
      `${postColumns} where p.id = any($1::bigint[]) and p.state = 'published' and (p.author_id = $2 or exists (
         select 1 from twolane_social.follows where follower_id = $2 and followee_id = p.author_id))
       order by p.id desc`,
      [ids, viewerId],
    );
    return rows.map(toPost);
  }

  /** The newest posts that a user's feed holds when it is whole: those of the followed and the user's own. */
  async newestFor(userId: string, { limit, before }: IdPage): Promise<string[]> {
    const { rows } = await this.#db(userId).query<{ id: string }>(
      `select newest.id::text from (
         select followee_id as author_id from twolane_social.follows where follower_id = $1 union all select $1) authors
       cross join lateral (
         select id from twolane_social.posts
         where author_id = authors.author_id and state = 'published' and id < coalesce($3, 9223372036854775807)
         order by id desc limit $2) newest
       order by newest.id desc limit $2`,
      [userId, limit, before ?? null],
    );
    return rows.map((row) => row.id);
  }

  async byAuthor(authorId: string, viewerId: string, { limit, before }: IdPage): Promise<Post[]> {
    const { rows } = await this.#db(authorId).query<PostRow>(
      `${postColumns} where p.author_id = $1 and ${visibleToViewer} and ($3::bigint is null or p.id < $3)
       order by p.id desc limit $4`,
      [authorId, viewerId, before ?? null, limit],
    );
    return rows.map(toPost);
  }

  /** Publishes a pending post; false when it was not pending. */
  async publish(id: string): Promise<boolean> {
    return this.#db(id).transaction(async (tx) => {
      const { rows } = await tx.query<{ author: string }>(
        `update twolane_social.posts set state = 'published', published_at = now()
         where id = $1 and state = 'pending' returning author_id as author`,
        [id],
      );
      const author = rows[0]?.author;
      if (author === undefined) return false;
      await this.#users.changeCounts(tx, [{ userId: author, posts: 1 }]);
      await this.#events.tell(tx, 'post.published', { id, authorId: author });
      return true;
    });
  }

  /** Gives a pending post up for a reason that its author can read; false when it was not pending. */
  async fail(id: string, error: { code: string; message: string }): Promise<boolean> {
    const { rowCount } = await this.#db(id).query(
      `update twolane_social.posts set state = 'failed', error = $2 where id = $1 and state = 'pending'`,
      [id, JSON.stringify(error)],
    );
    return rowCount === 1;
  }

  /** Deletes a post; answers the state it was in, undefined when it was gone already. */
  async remove(tx: Queryable, id: string): Promise<PostState | undefined> {
    const { rows } = await tx.query<{ state: PostState; author: string }>(
      `with before as (select id, state, author_id from twolane_social.posts where id = $1 and state <> 'deleted' for update)
       update twolane_social.posts p set state = 'deleted' from before where p.id = before.id
       returning before.state, before.author_id as author`,
      [id],
    );
    const [before] = rows;
    if (before?.state === 'published') await this.#users.changeCounts(tx, [{ userId: before.author, posts: -1 }]);
    return before?.state;
  }
}
