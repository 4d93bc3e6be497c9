/** `GET /v1/notifications/events`: notifications as they are announced, as server-sent events. */
import { type Route, route } from '../../http/route.ts';
import { eventStream } from '../../http/sse.ts';
import type { SocialServices } from '../services.ts';
import { eventPlace } from '../streams/user-streams.ts';

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
    async handle({ userId, req, res }) {
      return eventStream({ req, res }, (stream) => {
        const watching = notifications.streams.watch(userId, eventPlace(stream.lastEventId), stream.send);
        watching.catch((error) => {
          logger.warn({ error }, 'Notifications could not be followed; the client comes back');
          stream.close();
        });
        return () => void watching.then((stop) => stop()).catch(() => undefined);
      });
    },
  });
