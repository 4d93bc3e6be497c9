/** Private accounts, and who waits to be let in. */
import type { DatabaseFor, Queryable } from '../../contract/database.ts';
import { nextId } from '../ids.ts';
import type { FollowStore } from './follows.ts';
import type { IdPage } from './posts.ts';

export interface FollowRequest {
  /** The place in the list. */
  id: string;
  /** Who asks. */
  userId: string;
  createdAt: string;
}

/** Notifications that one statement removes. */
const piece = 1_000;

export class PrivacyStore {
  readonly #db: DatabaseFor;
  readonly #follows: FollowStore;

  constructor(db: DatabaseFor, follows: FollowStore) {
    this.#db = db;
    this.#follows = follows;
  }

  /** Makes an account private, or open to everybody. False when it was so already. */
  async set(tx: Queryable, userId: string, isPrivate: boolean): Promise<boolean> {
    const { rowCount } = await tx.query(
      isPrivate
        ? 'insert into twolane_social.private_accounts (user_id) values ($1) on conflict do nothing'
        : 'delete from twolane_social.private_accounts where user_id = $1',
      [userId],
    );
    return rowCount === 1;
  }

  /** Whether the account is private and does not know the follower. Inside a transaction that holds the pair's lock. */
  async mustAsk(tx: Queryable, followerId: string, followeeId: string): Promise<boolean> {
    const { rows } = await tx.query<{ open: boolean }>('select twolane_social.is_open_to($2, $1) as open', [
      followerId,
      followeeId,
    ]);
    return rows[0]?.open === false;
  }

  /** Asks to follow; false when it was asked already. */
  async ask(tx: Queryable, followerId: string, followeeId: string): Promise<boolean> {
    const { rowCount } = await tx.query(
      `insert into twolane_social.follow_requests (follower_id, followee_id, id) values ($1, $2, $3) on conflict do nothing`,
      [followerId, followeeId, await nextId(tx)],
    );
    return rowCount === 1;
  }

  /** Lets somebody follow who has asked to; false when nobody of that name waits. */
  async approve(tx: Queryable, followerId: string, followeeId: string): Promise<boolean> {
    return (await this.deny(tx, followerId, followeeId)) && this.#follows.add(tx, followerId, followeeId);
  }

  /** Takes a request away; false when there was none. */
  async deny(tx: Queryable, followerId: string, followeeId: string): Promise<boolean> {
    await this.#follows.lockPair(tx, followerId, followeeId);
    const { rowCount } = await tx.query(
      'delete from twolane_social.follow_requests where follower_id = $1 and followee_id = $2',
      [followerId, followeeId],
    );
    return rowCount === 1;
  }

  /** Those who wait to follow the user, the newest first. */
  async requests(userId: string, { limit, before }: IdPage): Promise<FollowRequest[]> {
    const { rows } = await this.#db(userId).query<Omit<FollowRequest, 'createdAt'> & { createdAt: Date }>(
      `select id::text, follower_id as "userId", created_at as "createdAt" from twolane_social.follow_requests
       where followee_id = $1 and ($2::bigint is null or id < $2) order by id desc limit $3`,
      [userId, before ?? null, limit],
    );
    return rows.map((row) => ({ ...row, createdAt: row.createdAt.toISOString() }));
  }

  async isPrivate(tx: Queryable, userId: string): Promise<boolean> {
    const { rows } = await tx.query<{ private: boolean }>('select twolane_social.is_private($1) as private', [userId]);
    return rows[0]?.private === true;
  }

  /**
   * Takes what a private account's posts and comments have told others, who may not see them any more, out of their
   * notifications; with `fromId` out of those of this one. May be repeated, and does nothing for an account that is open again.
   */
  async hide(
    { userId, fromId = null }: { userId: string; fromId?: string | null },
    signal: AbortSignal,
  ): Promise<void> {
    await inPieces(signal, async () => {
      const { rowCount } = await this.#db(userId).query(
        `delete from twolane_social.notifications where id in (
           select a.notification_id from twolane_social.posts p
           join twolane_social.comment_mentions m on m.post_id = p.id
           join twolane_social.notification_actors a on a.user_id = m.user_id and a.kind = 'mention' and a.object_id = p.id::text
           where p.author_id = $1 and p.state = 'published' and ($2::text is null or m.user_id = $2)
             and not twolane_social.is_open_to($1, m.user_id)
           limit ${piece})`,
        [userId, fromId],
      );
      return rowCount ?? 0;
    });
    await inPieces(signal, async () => {
      const { rows } = await this.#db(userId).query<{ taken: number }>(
        `select twolane_social.take_back_mentions($1, $2, ${piece}) as taken`,
        [userId, fromId],
      );
      return rows[0]?.taken ?? 0;
    });
  }
}

/** Repeats a statement until it finds nothing more to do. */
async function inPieces(signal: AbortSignal, statement: () => Promise<number>): Promise<void> {
  do signal.throwIfAborted();
  while ((await statement()) > 0);
}
