/** The social product's stores on a database and a feed Redis of the test's own. */
import { Redis } from 'ioredis';
import { silentLogger } from '../../src/contract/index.ts';
import { type Database, openDatabase } from '../../src/ledger/database.ts';
import { migrate } from '../../src/ledger/migrate.ts';
import { Deliveries } from '../../src/social/feed/deliveries.ts';
import { HomeFeed } from '../../src/social/feed/home-feed.ts';
import { Presence } from '../../src/social/feed/presence.ts';
import { RedisFeedStore } from '../../src/social/feed/redis-feed-store.ts';
import { nextId } from '../../src/social/ids.ts';
import { socialMigrations } from '../../src/social/index.ts';
import { NotificationStore } from '../../src/social/notifications/store.ts';
import { CommentStore } from '../../src/social/stores/comments.ts';
import { FanOutStore } from '../../src/social/stores/fan-outs.ts';
import { FeedPosts } from '../../src/social/stores/feed-posts.ts';
import { FollowStore } from '../../src/social/stores/follows.ts';
import { LikeStore } from '../../src/social/stores/likes.ts';
import { PostStore } from '../../src/social/stores/posts.ts';
import { PrivacyStore } from '../../src/social/stores/privacy.ts';
import { UserStore } from '../../src/social/stores/users.ts';
import { freshPrefix, migratedDatabase, testUrls } from './stack.ts';

/** @param options.redisUrl a Redis of the feeds that may be wiped. */
export async function socialStores(options: { redisUrl?: string } = {}) {
  const made = await migratedDatabase();
  const db: Database = openDatabase({ url: made.url });
  await migrate(db, [socialMigrations]);
  const redis = new Redis(options.redisUrl ?? testUrls().REDIS_URL);
  const prefix = freshPrefix();
  const feeds = new RedisFeedStore(redis, { prefix, keptMs: 60_000 });
  const feedPosts = new FeedPosts(db.databaseFor);
  const presence = new Presence(redis, prefix, silentLogger);
  const users = new UserStore(db.databaseFor);
  const follows = new FollowStore(db.databaseFor, users);
  const posts = new PostStore(db.databaseFor, users, { tell: async () => undefined });
  return {
    db,
    feeds,
    redis,
    prefix,
    users,
    posts,
    follows,
    privacy: new PrivacyStore(db.databaseFor, follows),
    likes: new LikeStore(),
    comments: new CommentStore(db.databaseFor),
    notifications: new NotificationStore(db.databaseFor),
    fanOuts: new FanOutStore(db.databaseFor),
    feedPosts,
    presence,
    deliveries: new Deliveries(feedPosts, feeds),
    home: new HomeFeed(feeds, feedPosts, silentLogger),
    /** Follows without any job. */
    follow(follower: string, followee: string) {
      return db.transaction((tx) => this.follows.add(tx, follower, followee));
    },
    /** A post of the given author, published unless told otherwise. */
    async post(authorId: string, { publish = true, mergedAbove = 100_000 } = {}): Promise<string> {
      const id = await db.transaction(async (tx) => {
        const post = {
          id: await nextId(tx),
          authorId,
          caption: 'a day out',
          noun: 'photo',
          jobId: '1',
          mediaIds: ['7'],
          audience: 'everyone' as const,
        };
        await posts.add(tx, post);
        return post.id;
      });
      if (publish) await posts.publish(id, mergedAbove);
      return id;
    },
    async close() {
      await Promise.all([db.close(), feeds.close()]);
      await made.drop();
    },
  };
}

export type SocialStores = Awaited<ReturnType<typeof socialStores>>;
