/** `GET /v1/inbox/events`: messages and receipts as they come, as server-sent events. */
import { type Route, route } from '../../http/route.ts';
import type { SocialServices } from '../services.ts';
import { followEvents } from './follow-events.ts';

export const watchInbox = ({ direct, logger }: SocialServices): Route =>
  route({
    method: 'get',
    path: '/v1/inbox/events',
    tag: 'direct',
    summary: 'Follow your inbox; a client that resumes gets what it has missed, each event once',
    access: 'user',
    answer: {
      status: 200,
      description:
        'First `ready` with `{unreadThreads}`. Then `message` with `{threadId, seq, id, senderId, text, hidden, createdAt, ' +
        'unreadCount}`, also for messages of your own, and `delivered` and `read` with `{threadId, userId, seq, ' +
        'unreadCount}`: how far a member came. `reset` says that events were missed which are kept no more (the ' +
        'last 1,000 are): read the inbox again.',
      contentType: 'text/event-stream',
    },
    handle: async (call) => followEvents(call, { streams: direct.streams, logger }),
  });
