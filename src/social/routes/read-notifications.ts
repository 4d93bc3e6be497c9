/** `POST /v1/notifications/read`: marks notifications as read. */
import { z } from 'zod';
import { type Route, route } from '../../http/route.ts';
import { ownId } from '../schemas.ts';
import type { SocialServices } from '../services.ts';

export const readNotifications = ({ notifications }: SocialServices): Route =>
  route({
    method: 'post',
    path: '/v1/notifications/read',
    tag: 'notifications',
    summary: 'Mark notifications as read: those named, or all of yours',
    access: 'user',
    body: z.object({ ids: z.array(ownId).min(1).max(500).optional() }).default({}),
    answer: { status: 204, description: 'They are read' },
    async handle({ body, userId }) {
      await notifications.list.markRead(userId, body.ids);
      return { status: 204 };
    },
  });
