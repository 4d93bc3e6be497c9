/** `GET /v1/notifications/events`: notifications as they are announced, as server-sent events. */
import { type Route, route } from '../../http/route.ts';
import type { SocialServices } from '../services.ts';
import { followEvents } from './follow-events.ts';

export const watchNotifications = ({ notifications, logger }: SocialServices): Route =>
  route({
    method: 'get',
    path: '/v1/notifications/events',
    tag: 'notifications',
    summary: 'Follow your notifications; a client that resumes gets what it has missed, each event once',
    access: 'user',
    answer: {
      status: 200,
      description:
        'First `ready` with `{unreadCount}`. Then `notification` with `{id, kind, objectId, count, text, createdAt}` ' +
        'for each announcement; one with the same id is an update. `reset` says that some were missed which are ' +
        'kept no more (the last 500 are): read the list again.',
      contentType: 'text/event-stream',
    },
    handle: async (call) => followEvents(call, { streams: notifications.streams, logger }),
  });
