/** Every handler, by job type: one that is missing does not compile. */
import type { HandlersOf } from '../src/contract/index.ts';
import type { SocialServices } from '../src/social/services.ts';
import { collectUploads } from './bulk/collect-uploads.handler.ts';
import { encodePiece } from './bulk/encode-piece.handler.ts';
import { fetchMedia } from './bulk/fetch-media.handler.ts';
import { forgetAbuseDecisionsHandler } from './bulk/forget-abuse-decisions.handler.ts';
import { makeAvif } from './bulk/make-avif.handler.ts';
import { makeRenditions } from './bulk/make-renditions.handler.ts';
import { planVideo } from './bulk/plan-video.handler.ts';
import { processImage } from './bulk/process-image.handler.ts';
import { processVideo } from './bulk/process-video.handler.ts';
import { rankHashtagsHandler } from './bulk/rank-hashtags.handler.ts';
import { runOperation } from './bulk/run-operation.handler.ts';
import { tidyNotificationsHandler } from './bulk/tidy-notifications.handler.ts';
import type { platformJobs, socialJobs } from './catalog.ts';
import { announceNotificationHandler } from './realtime/announce-notification.handler.ts';
import { confirmAddressHandler } from './realtime/confirm-address.handler.ts';
import { deliverDirectMessageHandler } from './realtime/deliver-direct-message.handler.ts';
import { deliverFeedPageHandler } from './realtime/deliver-feed-page.handler.ts';
import { deliverNotificationHandler } from './realtime/deliver-notification.handler.ts';
import { deliverWebhookHandler } from './realtime/deliver-webhook.handler.ts';
import { fanOutPostHandler } from './realtime/fan-out-post.handler.ts';
import { hideAccountHandler } from './realtime/hide-account.handler.ts';
import { holdThreadHandler } from './realtime/hold-thread.handler.ts';
import { notifyHandler } from './realtime/notify.handler.ts';
import { parsePostHandler } from './realtime/parse-post.handler.ts';
import { preprocessPostHandler } from './realtime/preprocess-post.handler.ts';
import { refreshFeedHandler } from './realtime/refresh-feed.handler.ts';
import { releaseThreadHandler } from './realtime/release-thread.handler.ts';
import { retractPostHandler } from './realtime/retract-post.handler.ts';
import { scoreHashtagsHandler } from './realtime/score-hashtags.handler.ts';
import type { PlatformServices } from './services.ts';

export function platformHandlers({ media, uploads, operations, webhooks }: PlatformServices) {
  return {
    'collect-uploads': collectUploads(uploads),
    'fetch-media': fetchMedia(media),
    'process-image': processImage(media),
    'make-renditions': makeRenditions(media),
    'make-avif': makeAvif(media),
    'process-video': processVideo(media),
    'encode-piece': encodePiece(media),
    'plan-video': planVideo(media),
    'run-operation': runOperation(operations),
    'deliver-webhook': deliverWebhookHandler(webhooks),
    'deliver-webhook-in-order': deliverWebhookHandler(webhooks),
  } satisfies HandlersOf<typeof platformJobs>;
}

export function socialHandlers(social: SocialServices) {
  return {
    'fan-out-post': fanOutPostHandler(social),
    'deliver-feed-page': deliverFeedPageHandler(social),
    'retract-post': retractPostHandler(social),
    'refresh-feed': refreshFeedHandler(social),
    'hide-account': hideAccountHandler(social),
    notify: notifyHandler(social),
    'announce-notification': announceNotificationHandler(social),
    'deliver-notification': deliverNotificationHandler(social),
    'confirm-address': confirmAddressHandler(social),
    'tidy-notifications': tidyNotificationsHandler(social),
    'deliver-direct-message': deliverDirectMessageHandler(social),
    'hold-thread': holdThreadHandler(),
    'release-thread': releaseThreadHandler(social),
    'preprocess-post': preprocessPostHandler(social),
    'parse-post': parsePostHandler(social),
    'score-hashtags': scoreHashtagsHandler(social),
    'rank-hashtags': rankHashtagsHandler(social),
    'forget-abuse-decisions': forgetAbuseDecisionsHandler(social),
  } satisfies HandlersOf<typeof socialJobs>;
}
