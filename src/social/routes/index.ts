/** The product's part of the route table. */
import type { Route } from '../../http/route.ts';
import type { SocialServices } from '../services.ts';
import { blockUser } from './block-user.ts';
import { changePost } from './change-post.ts';
import { createComment } from './create-comment.ts';
import { createPost } from './create-post.ts';
import { createSession } from './create-session.ts';
import { createThread } from './create-thread.ts';
import { createUser } from './create-user.ts';
import { deleteCurrentSession } from './delete-current-session.ts';
import { deletePost } from './delete-post.ts';
import { deleteSessions } from './delete-sessions.ts';
import { followUser } from './follow-user.ts';
import { getFeed } from './get-feed.ts';
import { getInbox } from './get-inbox.ts';
import { getPost } from './get-post.ts';
import { getTrending } from './get-trending.ts';
import { getUser } from './get-user.ts';
import { likePost } from './like-post.ts';
import { listAbuseDecisions } from './list-abuse-decisions.ts';
import { listComments } from './list-comments.ts';
import { listMessages } from './list-messages.ts';
import { listNotifications } from './list-notifications.ts';
import { listUserPosts } from './list-user-posts.ts';
import {
  confirmNotificationEmail,
  deleteNotificationAddress,
  getNotificationAddresses,
  putNotificationEmail,
  putNotificationWebhook,
} from './notification-addresses.ts';
import { getNotificationPreferences, putNotificationPreferences } from './notification-preferences.ts';
import { approveFollowRequest, denyFollowRequest, listFollowRequests, putPrivacy, removeFollower } from './privacy.ts';
import { createPushSubscription, deletePushSubscription, listPushSubscriptions } from './push-subscriptions.ts';
import { readNotifications } from './read-notifications.ts';
import { readThread } from './read-thread.ts';
import { sendMessage } from './send-message.ts';
import { unblockUser } from './unblock-user.ts';
import { unfollowUser } from './unfollow-user.ts';
import { unlikePost } from './unlike-post.ts';
import { askUnsubscribe, unsubscribe } from './unsubscribe.ts';
import { watchInbox } from './watch-inbox.ts';
import { watchNotifications } from './watch-notifications.ts';
import { whyNoNotification } from './why-no-notification.ts';
import { whyNotification } from './why-notification.ts';

const factories = [
  createUser,
  createSession,
  deleteCurrentSession,
  deleteSessions,
  getUser,
  followUser,
  unfollowUser,
  blockUser,
  unblockUser,
  putPrivacy,
  listFollowRequests,
  approveFollowRequest,
  denyFollowRequest,
  removeFollower,
  createPost,
  getPost,
  changePost,
  deletePost,
  listUserPosts,
  likePost,
  unlikePost,
  createComment,
  listComments,
  getFeed,
  listNotifications,
  readNotifications,
  watchNotifications,
  whyNoNotification,
  whyNotification,
  getNotificationPreferences,
  putNotificationPreferences,
  createPushSubscription,
  listPushSubscriptions,
  deletePushSubscription,
  getNotificationAddresses,
  putNotificationEmail,
  confirmNotificationEmail,
  putNotificationWebhook,
  deleteNotificationAddress,
  askUnsubscribe,
  unsubscribe,
  createThread,
  sendMessage,
  listMessages,
  readThread,
  getInbox,
  watchInbox,
  listAbuseDecisions,
  getTrending,
];

export function socialRoutes(services: SocialServices): readonly Route[] {
  return factories.map((factory) => factory(services));
}
