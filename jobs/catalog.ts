/** Every job type, by its name: all that the API and the dashboard need to know of jobs. */
import { collectUploadsJob } from './bulk/collect-uploads.job.ts';
import { encodePieceJob } from './bulk/encode-piece.job.ts';
import { fetchMediaJob } from './bulk/fetch-media.job.ts';
import { forgetAbuseDecisions } from './bulk/forget-abuse-decisions.job.ts';
import { makeAvifJob } from './bulk/make-avif.job.ts';
import { makeRenditionsJob } from './bulk/make-renditions.job.ts';
import { planVideoJob } from './bulk/plan-video.job.ts';
import { processImageJob } from './bulk/process-image.job.ts';
import { processVideoJob } from './bulk/process-video.job.ts';
import { rankHashtags } from './bulk/rank-hashtags.job.ts';
import { runOperationJob } from './bulk/run-operation.job.ts';
import { tidyNotifications } from './bulk/tidy-notifications.job.ts';
import { announceNotification } from './realtime/announce-notification.job.ts';
import { confirmAddress } from './realtime/confirm-address.job.ts';
import { deliverDirectMessage } from './realtime/deliver-direct-message.job.ts';
import { deliverFeedPage } from './realtime/deliver-feed-page.job.ts';
import { deliverNotification } from './realtime/deliver-notification.job.ts';
import { deliverWebhook, deliverWebhookInOrder } from './realtime/deliver-webhook.job.ts';
import { fanOutPost } from './realtime/fan-out-post.job.ts';
import { hideAccount } from './realtime/hide-account.job.ts';
import { holdThread } from './realtime/hold-thread.job.ts';
import { notify } from './realtime/notify.job.ts';
import { parsePost } from './realtime/parse-post.job.ts';
import { preprocessPost } from './realtime/preprocess-post.job.ts';
import { refreshFeed } from './realtime/refresh-feed.job.ts';
import { releaseThread } from './realtime/release-thread.job.ts';
import { retractPost } from './realtime/retract-post.job.ts';
import { scoreHashtags } from './realtime/score-hashtags.job.ts';

/** What the platform itself runs. */
export const platformJobs = {
  'collect-uploads': collectUploadsJob,
  'fetch-media': fetchMediaJob,
  'process-image': processImageJob,
  'make-renditions': makeRenditionsJob,
  'make-avif': makeAvifJob,
  'process-video': processVideoJob,
  'encode-piece': encodePieceJob,
  'plan-video': planVideoJob,
  'run-operation': runOperationJob,
  'deliver-webhook': deliverWebhook,
  'deliver-webhook-in-order': deliverWebhookInOrder,
} as const;

/** What the social product runs. */
export const socialJobs = {
  'fan-out-post': fanOutPost,
  'deliver-feed-page': deliverFeedPage,
  'retract-post': retractPost,
  'refresh-feed': refreshFeed,
  'hide-account': hideAccount,
  notify,
  'announce-notification': announceNotification,
  'deliver-notification': deliverNotification,
  'confirm-address': confirmAddress,
  'tidy-notifications': tidyNotifications,
  'deliver-direct-message': deliverDirectMessage,
  'hold-thread': holdThread,
  'release-thread': releaseThread,
  'preprocess-post': preprocessPost,
  'parse-post': parsePost,
  'score-hashtags': scoreHashtags,
  'rank-hashtags': rankHashtags,
  'forget-abuse-decisions': forgetAbuseDecisions,
} as const;

/** The job types of an installation: the platform's, and its product's. */
export function catalogFor(product: 'social' | 'none') {
  return product === 'social' ? { ...platformJobs, ...socialJobs } : { ...platformJobs };
}
