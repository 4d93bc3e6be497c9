/** The social product as one module: its routes, its tables, and the services that its job handlers use. */
import { fileURLToPath } from 'node:url';
import { Redis } from 'ioredis';
import type { Logger } from '../contract/logger.ts';
import type { ProductInsight, ProductParts } from '../contract/product.ts';
import type { ProductModule } from '../http/route.ts';
import { AbuseGuard } from './abuse/guard.ts';
import { Velocity } from './abuse/velocity.ts';
import { demoRoutes } from './demo/index.ts';
import { directServices } from './direct/index.ts';
import { Deliveries } from './feed/deliveries.ts';
import { FollowerWalks } from './feed/follower-walks.ts';
import { HomeFeed } from './feed/home-feed.ts';
import { OnlineFirst } from './feed/online-first.ts';
import { PostChanges } from './feed/post-changes.ts';
import { Presence } from './feed/presence.ts';
import { Publishing } from './feed/publishing.ts';
import { RedisFeedStore } from './feed/redis-feed-store.ts';
import { type NotificationSettings, notificationServices } from './notifications/index.ts';
import { socialRoutes } from './routes/index.ts';
import type { SocialServices } from './services.ts';
import { RedisSessionCache } from './sessions.ts';
import { CommentStore } from './stores/comments.ts';
import { FanOutStore } from './stores/fan-outs.ts';
import { FeedPosts } from './stores/feed-posts.ts';
import { FollowStore } from './stores/follows.ts';
import { LikeStore } from './stores/likes.ts';
import { PostStore } from './stores/posts.ts';
import { PrivacyStore } from './stores/privacy.ts';
import { UserStore } from './stores/users.ts';
import { Trends } from './trending/trends.ts';

export type { SocialServices } from './services.ts';

export const socialMigrations: ProductModule['migrations'] = {
  schema: 'twolane_social',
  folder: fileURLToPath(new URL('./migrations', import.meta.url)),
};

/** Builds the product; it connects to Redis at once. `product.close` ends what was opened here. */
export function socialModule(
  options: ProductParts,
  settings: NotificationSettings = {},
): { product: ProductModule; services: SocialServices } {
  const { feedRedisUrl, prefix, logger } = options;
  const redis = feedRedis(feedRedisUrl, logger);
  const sessions = new RedisSessionCache(redis, prefix, logger);
  const services = buildServices(options, redis, settings);
  const product: ProductModule = {
    name: 'social',
    routes: [...socialRoutes(services), ...(options.demo ? demoRoutes(options.db, services) : [])],
    events: ['post.published', 'notification.announced'],
    migrations: socialMigrations,
    sessions,
    insight: () => insightOf(services),
    async close() {
      sessions.close();
      await services.direct.close();
      await services.notifications.close();
      await services.feeds.close();
    },
  };
  return { product, services };
}

async function insightOf({ fanOuts, trends }: SocialServices): Promise<ProductInsight> {
  const [underWay, list] = await Promise.all([fanOuts.inProgress(100), trends.current()]);
  return { fanOuts: underWay, trends: list ?? null };
}

function buildServices(
  { db, events, prefix, outgoing, ...given }: ProductParts,
  redis: Redis,
  settings: NotificationSettings,
): SocialServices {
  const { enqueuer, followUps, media, tokens, logger } = given;
  const users = new UserStore(db);
  const follows = new FollowStore(db, users);
  const posts = new PostStore(db, users, events);
  const fanOuts = new FanOutStore(db);
  const feeds = new RedisFeedStore(redis, { prefix, keptMs: given.feedKeptMs });
  const feedPosts = new FeedPosts(db);
  const presence = new Presence(redis, prefix, logger);
  const deliveries = new Deliveries(feedPosts, feeds);
  const shared = { db, redis, prefix, enqueuer, followUps, logger };
  return {
    users,
    follows,
    privacy: new PrivacyStore(db, follows),
    posts,
    likes: new LikeStore(),
    comments: new CommentStore(db),
    notifications: notificationServices({ ...shared, users, events, outgoing, settings }),
    fanOuts,
    feedPosts,
    feeds,
    home: new HomeFeed(feeds, feedPosts, logger),
    presence,
    publishing: new Publishing(posts, media, given.feedMergedAbove),
    deliveries,
    onlineFirst: new OnlineFirst({ follows, presence, deliveries }),
    walks: new FollowerWalks(followUps, fanOuts, follows),
    changes: new PostChanges({ posts, fanOuts, enqueuer, cancel: given.cancel }),
    direct: directServices({ ...shared, follows }),
    abuse: new AbuseGuard(db, new Velocity(redis, prefix), logger),
    trends: new Trends(db, logger),
    enqueuer,
    followUps,
    media,
    tokens,
    logger,
  };
}

/** Commands fail within seconds while Redis is away, so that requests answer and jobs are retried instead of hanging. */
function feedRedis(url: string, logger: Logger): Redis {
  const redis = new Redis(url, { maxRetriesPerRequest: 2, connectTimeout: 5_000, commandTimeout: 10_000 });
  redis.on('error', (error) => logger.warn({ error }, 'the feeds can not reach Redis'));
  return redis;
}
