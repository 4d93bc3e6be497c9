/** Comments under posts. The post's count is kept in the same transaction. */
import type { DatabaseFor, Queryable } from '../../contract/database.ts';
import { nextId } from '../ids.ts';
import type { IdPage } from './posts.ts';

export interface Comment {
  id: string;
  authorId: string;
  text: string;
  createdAt: string;
}

type CommentRow = Omit<Comment, 'createdAt'> & { createdAt: Date };

export class CommentStore {
  readonly #db: DatabaseFor;

  constructor(db: DatabaseFor) {
    this.#db = db;
  }

  /** Answers the new comment's id. */
  async add(tx: Queryable, postId: string, authorId: string, text: string): Promise<string> {
    const id = await nextId(tx);
    await tx.query('insert into twolane_social.comments (id, post_id, author_id, text) values ($1, $2, $3, $4)', [
      id,
      postId,
      authorId,
      text,
    ]);
    await tx.query('update twolane_social.posts set comment_count = comment_count + 1 where id = $1', [postId]);
    return id;
  }

  /**
   * Newest first, without those of people whom the viewer has blocked or who have blocked the viewer. Those of private accounts
   * are for their followers and for the author of the post.
   */
  async page(postId: string, viewerId: string, { limit, before }: IdPage): Promise<Comment[]> {
    const { rows } = await this.#db(postId).query<CommentRow>(
      `select c.id::text, c.author_id as "authorId", c.text, c.created_at as "createdAt"
       from twolane_social.comments c
       where c.post_id = $1 and ($3::bigint is null or c.id < $3) and not exists (
         select 1 from twolane_social.blocks b where (b.blocker_id = c.author_id and b.blocked_id = $2)
           or (b.blocker_id = $2 and b.blocked_id = c.author_id))
         and (twolane_social.is_open_to(c.author_id, $2)
           or exists (select 1 from twolane_social.posts p where p.id = $1 and p.author_id = $2))
       order by c.id desc limit $4`,
      [postId, viewerId, before ?? null, limit],
    );
    return rows.map((row) => ({ ...row, createdAt: row.createdAt.toISOString() }));
  }
}
