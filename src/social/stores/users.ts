/** Users with a login of ours, and the counts that every user has, whoever keeps the login. */
import type { DatabaseFor, Queryable } from '../../contract/database.ts';
import { isId } from '../../contract/words.ts';
import { nextId } from '../ids.ts';

export interface User {
  id: string;
  username: string;
}

export interface Profile {
  id: string;
  /** Null for users of another product. */
  username: string | null;
  followerCount: number;
  followingCount: number;
  postCount: number;
  private: boolean;
  /** Whether the viewer does. */
  youFollow: 'yes' | 'asked' | 'no';
}

/** How much each count of a user changes. */
export interface CountChange {
  userId: string;
  followers?: number;
  following?: number;
  posts?: number;
}

export class UserStore {
  readonly #db: DatabaseFor;

  constructor(db: DatabaseFor) {
    this.#db = db;
  }

  /** Undefined when somebody has the name already, in whatever case. */
  async create(username: string, passwordHash: string): Promise<User | undefined> {
    return this.#db(username).transaction(async (tx) => {
      const { rows } = await tx.query<User>(
        `insert into twolane_social.users (id, username, password_hash) values ($1, $2, $3)
         on conflict do nothing returning id::text, username`,
        [await nextId(tx), username, passwordHash],
      );
      return rows[0];
    });
  }

  async findLogin(username: string): Promise<(User & { passwordHash: string }) | undefined> {
    const { rows } = await this.#db(username).query<User & { passwordHash: string }>(
      `select id::text, username, password_hash as "passwordHash" from twolane_social.users
       where lower(username) = lower($1)`,
      [username],
    );
    return rows[0];
  }

  /** Undefined when nothing is known of the id. */
  async profile(id: string, viewerId: string): Promise<Profile | undefined> {
    const { rows } = await this.#db(id).query<Profile>(
      `select $1::text as id, u.username, coalesce(c.follower_count, 0) as "followerCount",
              coalesce(c.following_count, 0) as "followingCount", coalesce(c.post_count, 0) as "postCount",
              twolane_social.is_private($1) as private, case
                when exists (select from twolane_social.follows where follower_id = $3 and followee_id = $1) then 'yes'
                when exists (select from twolane_social.follow_requests where follower_id = $3 and followee_id = $1) then 'asked'
                else 'no' end as "youFollow"
       from (values (1)) one
       left join twolane_social.users u on u.id = $2::bigint
       left join twolane_social.user_counts c on c.user_id = $1
       where u.id is not null or c.user_id is not null`,
      [id, isId(id) ? id : null, viewerId],
    );
    return rows[0];
  }

  /** Usernames by id; users of another product are left out. */
  async names(ids: readonly string[], through?: Queryable): Promise<ReadonlyMap<string, string>> {
    const own = ids.filter(isId);
    if (own[0] === undefined) return new Map();
    const { rows } = await (through ?? this.#db(own[0])).query<User>(
      'select id::text, username from twolane_social.users where id = any($1::bigint[])',
      [own],
    );
    return new Map(rows.map((row) => [row.id, row.username]));
  }

  async followerCount(id: string): Promise<number> {
    const { rows } = await this.#db(id).query<{ count: number }>(
      'select follower_count as count from twolane_social.user_counts where user_id = $1',
      [id],
    );
    return rows[0]?.count ?? 0;
  }

  /** Changes counts inside a transaction; rows are locked in the order of their ids, so that two changes never deadlock. */
  async changeCounts(tx: Queryable, changes: readonly CountChange[]): Promise<void> {
    for (const { userId, followers = 0, following = 0, posts = 0 } of [...changes].sort(byUser)) {
      await tx.query('insert into twolane_social.user_counts (user_id) values ($1) on conflict do nothing', [userId]);
      await tx.query(
        `update twolane_social.user_counts set follower_count = follower_count + $2, followers_lost = followers_lost - least($2, 0),
           following_count = following_count + $3, post_count = post_count + $4 where user_id = $1`,
        [userId, followers, following, posts],
      );
    }
  }
}

function byUser(a: CountChange, b: CountChange): number {
  return a.userId < b.userId ? -1 : 1;
}
