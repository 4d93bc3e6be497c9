/** Who follows whom, and who wants nothing to do with whom. */
import type { DatabaseFor, Queryable } from '../../contract/database.ts';
import type { CountChange, UserStore } from './users.ts';

/** A stretch of an author's followers in the order of their ids. */
export interface FollowerPage {
  /** Largest follower id of the page. */
  through: string;
  count: number;
}

export class FollowStore {
  readonly #db: DatabaseFor;
  readonly #users: UserStore;

  constructor(db: DatabaseFor, users: UserStore) {
    this.#db = db;
    this.#users = users;
  }

  /** Whoever had asked to does not wait any more. False when it was so already. */
  async add(tx: Queryable, followerId: string, followeeId: string): Promise<boolean> {
    await this.lockPair(tx, followerId, followeeId);
    const { rowCount } = await tx.query(
      `with asked as (delete from twolane_social.follow_requests where follower_id = $1 and followee_id = $2)
       insert into twolane_social.follows (follower_id, followee_id) values ($1, $2) on conflict do nothing`,
      [followerId, followeeId],
    );
    if (rowCount === 1) await this.#users.changeCounts(tx, counts(followerId, followeeId, 1));
    return rowCount === 1;
  }

  /** Says what has ended: a follow, or the request for one. */
  async remove(tx: Queryable, followerId: string, followeeId: string): Promise<'follow' | 'request' | undefined> {
    await this.lockPair(tx, followerId, followeeId);
    const { rows } = await tx.query<{ what: 'follow' | 'request' }>(
      `with ended as (delete from twolane_social.follows where follower_id = $1 and followee_id = $2 returning 1),
       withdrawn as (delete from twolane_social.follow_requests where follower_id = $1 and followee_id = $2 returning 1)
       select 'follow' as what from ended union all select 'request' from withdrawn`,
      [followerId, followeeId],
    );
    const what = rows[0]?.what;
    if (what === 'follow') await this.#users.changeCounts(tx, counts(followerId, followeeId, -1));
    return what;
  }

  /** Blocks somebody and ends the following, or the wish to, in both directions. False when it was so already. */
  async block(tx: Queryable, blockerId: string, blockedId: string): Promise<boolean> {
    await this.lockPair(tx, blockerId, blockedId);
    const { rowCount } = await tx.query(
      'insert into twolane_social.blocks (blocker_id, blocked_id) values ($1, $2) on conflict do nothing',
      [blockerId, blockedId],
    );
    if (rowCount !== 1) return false;
    await this.remove(tx, blockerId, blockedId);
    await this.remove(tx, blockedId, blockerId);
    return true;
  }

  async unblock(blockerId: string, blockedId: string): Promise<void> {
    await this.#db(blockerId).query('delete from twolane_social.blocks where blocker_id = $1 and blocked_id = $2', [
      blockerId,
      blockedId,
    ]);
  }

  /**
   * Whether either of the two has blocked the other, inside a transaction that is about to join them: a block that is
   * being written meanwhile is waited for.
   */
  async apart(tx: Queryable, a: string, b: string): Promise<boolean> {
    await this.lockPair(tx, a, b);
    const { rows } = await tx.query<{ apart: boolean }>('select twolane_social.are_apart($1, $2) as apart', [a, b]);
    return rows[0]?.apart === true;
  }

  /** Those of the others whom the user has blocked, or who have blocked him. */
  async apartFrom(userId: string, others: readonly string[]): Promise<ReadonlySet<string>> {
    const { rows } = await this.#db(userId).query<{ id: string }>(
      `select blocked_id as id from twolane_social.blocks where blocker_id = $1 and blocked_id = any($2)
       union select blocker_id from twolane_social.blocks where blocked_id = $1 and blocker_id = any($2)`,
      [userId, others],
    );
    return new Set(rows.map(({ id }) => id));
  }

  /** The next followers of an author after an id, at most `limit`; undefined when there are no more. */
  async nextPage(tx: Queryable, authorId: string, after: string, limit: number): Promise<FollowerPage | undefined> {
    const { rows } = await tx.query<{ through: string | null; count: number }>(
      `select max(follower_id) as through, count(*)::int as count from (
         select follower_id from twolane_social.follows
         where followee_id = $1 and follower_id > $2 order by follower_id limit $3) page`,
      [authorId, after, limit],
    );
    const [page] = rows;
    return page?.through == null ? undefined : { through: page.through, count: page.count };
  }

  /** Followers with `after` < id ≤ `through`. */
  async between(authorId: string, after: string, through: string): Promise<string[]> {
    const { rows } = await this.#db(authorId).query<JoinedIds>(
      `select string_agg(follower_id, chr(10)) as ids from (
         select follower_id from twolane_social.follows
         where followee_id = $1 and follower_id > $2 and follower_id <= $3 order by follower_id) page`,
      [authorId, after, through],
    );
    return split(rows[0]);
  }

  /** Followers after an id, in the order of their ids. */
  async followers(authorId: string, { after, limit }: { after: string; limit: number }): Promise<string[]> {
    const { rows } = await this.#db(authorId).query<JoinedIds>(
      `select string_agg(follower_id, chr(10)) as ids from (
         select follower_id from twolane_social.follows
         where followee_id = $1 and follower_id > $2 order by follower_id limit $3) page`,
      [authorId, after, limit],
    );
    return split(rows[0]);
  }

  /** Whatever changes between two people happens one after another, or a block and an unfollow could deadlock. */
  async lockPair(tx: Queryable, a: string, b: string): Promise<void> {
    await tx.query('select twolane_social.lock_pair($1, $2)', [a, b]);
  }
}

/** Many ids as one value, by lines: as rows they would cost their reader ten times as much. Ids hold no control characters. */
interface JoinedIds {
  ids: string | null;
}

function split(row: JoinedIds | undefined): string[] {
  return row?.ids == null ? [] : row.ids.split('\n');
}

function counts(followerId: string, followeeId: string, by: 1 | -1): CountChange[] {
  return [
    { userId: followerId, following: by },
    { userId: followeeId, followers: by },
  ];
}
