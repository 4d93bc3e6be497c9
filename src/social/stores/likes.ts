/** Who likes which post. The post's count is kept in the same transaction. */
import type { Queryable } from '../../contract/database.ts';

export class LikeStore {
  /** False when it was liked already. */
  async add(tx: Queryable, postId: string, userId: string): Promise<boolean> {
    const { rowCount } = await tx.query(
      'insert into twolane_social.likes (post_id, user_id) values ($1, $2) on conflict do nothing',
      [postId, userId],
    );
    if (rowCount === 1) await change(tx, postId, 1);
    return rowCount === 1;
  }

  /** False when there was no like. */
  async remove(tx: Queryable, postId: string, userId: string): Promise<boolean> {
    const { rowCount } = await tx.query('delete from twolane_social.likes where post_id = $1 and user_id = $2', [
      postId,
      userId,
    ]);
    if (rowCount === 1) await change(tx, postId, -1);
    return rowCount === 1;
  }
}

async function change(tx: Queryable, postId: string, by: 1 | -1): Promise<void> {
  await tx.query('update twolane_social.posts set like_count = like_count + $2 where id = $1', [postId, by]);
}
