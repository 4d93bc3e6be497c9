/** What the product's routes and handlers work with: built once per process by `socialModule`. */
import type { TokenIssuer } from '../contract/auth.ts';
import type { Enqueuer } from '../contract/enqueuer.ts';
import type { FeedStore } from '../contract/feed-store.ts';
import type { Logger } from '../contract/logger.ts';
import type { MediaReader } from '../contract/media.ts';
import type { AbuseGuard } from './abuse/guard.ts';
import type { DirectServices } from './direct/index.ts';
import type { Deliveries } from './feed/deliveries.ts';
import type { FollowerWalks } from './feed/follower-walks.ts';
import type { HomeFeed } from './feed/home-feed.ts';
import type { OnlineFirst } from './feed/online-first.ts';
import type { PostChanges } from './feed/post-changes.ts';
import type { Presence } from './feed/presence.ts';
import type { Publishing } from './feed/publishing.ts';
import type { NotificationServices } from './notifications/index.ts';
import type { CommentStore } from './stores/comments.ts';
import type { FanOutStore } from './stores/fan-outs.ts';
import type { FeedPosts } from './stores/feed-posts.ts';
import type { FollowStore } from './stores/follows.ts';
import type { LikeStore } from './stores/likes.ts';
import type { PostStore } from './stores/posts.ts';
import type { PrivacyStore } from './stores/privacy.ts';
import type { UserStore } from './stores/users.ts';
import type { Trends } from './trending/trends.ts';

export interface SocialServices {
  users: UserStore;
  follows: FollowStore;
  privacy: PrivacyStore;
  posts: PostStore;
  likes: LikeStore;
  comments: CommentStore;
  notifications: NotificationServices;
  fanOuts: FanOutStore;
  feedPosts: FeedPosts;
  feeds: FeedStore;
  home: HomeFeed;
  presence: Presence;
  publishing: Publishing;
  deliveries: Deliveries;
  onlineFirst: OnlineFirst;
  walks: FollowerWalks;
  changes: PostChanges;
  direct: DirectServices;
  abuse: AbuseGuard;
  trends: Trends;
  /** For handlers: what follows from accepted work is never refused. */
  followUps: Enqueuer;
  enqueuer: Enqueuer;
  media: MediaReader;
  tokens: TokenIssuer;
  logger: Logger;
}
