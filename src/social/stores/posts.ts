/** Posts: written as pending, published once by their job, deleted by a mark that every read obeys. */
import type { DatabaseFor, Queryable } from '../../contract/database.ts';
import type { EventOutbox } from '../../contract/webhooks.ts';
import { type PostRow, postColumns, toPost, visibleToViewer } from './post-rows.ts';
import type { UserStore } from './users.ts';

export type PostState = 'pending' | 'published' | 'deleted' | 'failed';
/** Who may see a post beside its author. */
export const audiences = ['everyone', 'followers', 'me'] as const;
export type Audience = (typeof audiences)[number];

export interface Post {
  id: string;
  authorId: string;
  caption: string;
  /** What a notification calls it: photo, video or post. */
  noun: string;
  state: PostState;
  audience: Audience;
  /** Not written into feeds but merged as they are read. Settled when it is published. */
  merged: boolean;
  error: { code: string; message: string } | null;
  jobId: string;
  likeCount: number;
  commentCount: number;
  createdAt: string;
  mediaIds: string[];
}

export type NewPost = Pick<Post, 'id' | 'authorId' | 'caption' | 'noun' | 'jobId' | 'mediaIds' | 'audience'>;

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
      `insert into twolane_social.posts (id, author_id, caption, noun, job_id, audience) values ($1, $2, $3, $4, $5, $6)`,
      [post.id, post.authorId, post.caption, post.noun, post.jobId, post.audience],
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

  /** A published post that the viewer may see. */
  async visible(id: string, viewerId: string, through: Queryable = this.#db(id)): Promise<Post | undefined> {
    const { rows } = await through.query<PostRow>(`${postColumns} where p.id = $1 and ${visibleToViewer}`, [
      id,
      viewerId,
    ]);
    return rows[0] && toPost(rows[0]);
  }

  async byAuthor(authorId: string, viewerId: string, { limit, before }: IdPage): Promise<Post[]> {
    const { rows } = await this.#db(authorId).query<PostRow>(
      `${postColumns} where p.author_id = $1 and ${visibleToViewer} and ($3::bigint is null or p.id < $3)
       order by p.id desc limit $4`,
      [authorId, viewerId, before ?? null, limit],
    );
    return rows.map(toPost);
  }

  /**
   * Publishes a pending post; false when it was not pending.
   * @param mergedAbove posts of authors with more followers are merged into feeds as they are read.
   */
  async publish(id: string, mergedAbove: number): Promise<boolean> {
    return this.#db(id).transaction(async (tx) => {
      const { rows } = await tx.query<{ author: string; merged: boolean }>(
        `update twolane_social.posts p set state = 'published', published_at = now(), merged = exists (
           select 1 from twolane_social.user_counts where user_id = p.author_id and follower_count > $2::bigint)
         where id = $1 and state = 'pending' returning author_id as author, merged`,
        [id, mergedAbove],
      );
      const [post] = rows;
      if (!post) return false;
      if (post.merged)
        await tx.query('insert into twolane_social.merged_authors values ($1) on conflict do nothing', [post.author]);
      await this.#users.changeCounts(tx, [{ userId: post.author, posts: 1 }]);
      await this.#events.tell(tx, 'post.published', { id, authorId: post.author });
      return true;
    });
  }

  /** Says who may see a post; answers it as it was before, undefined when it is gone or had this audience. */
  async changeAudience(tx: Queryable, id: string, audience: Audience): Promise<Post | undefined> {
    const { rows } = await tx.query<PostRow>(
      `${postColumns} where p.id = $1 and p.state <> 'deleted' and p.audience <> $2 for update of p`,
      [id, audience],
    );
    const [before] = rows;
    if (before) await tx.query('update twolane_social.posts set audience = $2 where id = $1', [id, audience]);
    return before && toPost(before);
  }

  /** Says which job brings the post into feeds. */
  async setJob(tx: Queryable, id: string, jobId: string): Promise<void> {
    await tx.query('update twolane_social.posts set job_id = $2 where id = $1', [id, jobId]);
  }

  /** Gives a pending post up for a reason that its author can read; false when it was not pending. */
  async fail(id: string, error: { code: string; message: string }): Promise<boolean> {
    const { rowCount } = await this.#db(id).query(
      `update twolane_social.posts set state = 'failed', error = $2 where id = $1 and state = 'pending'`,
      [id, JSON.stringify(error)],
    );
    return rowCount === 1;
  }

  /** Deletes a post; answers it as it was before, undefined when it was gone already. */
  async remove(tx: Queryable, id: string): Promise<Post | undefined> {
    const { rows } = await tx.query<PostRow>(
      `${postColumns} where p.id = $1 and p.state <> 'deleted' for update of p`,
      [id],
    );
    const [before] = rows;
    if (!before) return undefined;
    await tx.query(`update twolane_social.posts set state = 'deleted' where id = $1`, [id]);
    if (before.state === 'published') await this.#users.changeCounts(tx, [{ userId: before.authorId, posts: -1 }]);
    return toPost(before);
  }
}
