/** `GET /v1/notifications/why`: what the gates said of what somebody did, also when it made no notification. */
import { z } from 'zod';
import { type Route, route } from '../../http/route.ts';
import { whyAnswer, whyView } from '../notifications/schemas.ts';
import { userId as userIdSchema } from '../schemas.ts';
import type { SocialServices } from '../services.ts';

const query = z.object({
  objectId: z.string().min(1).max(64).describe('The post; for a follow yourself, for a message the thread'),
  actorId: userIdSchema.describe('Who did it'),
});

export const whyNoNotification = ({ notifications }: SocialServices): Route =>
  route({
    method: 'get',
    path: '/v1/notifications/why',
    tag: 'notifications',
    summary: 'Why you were or were not told of what somebody did; kept for 30 days',
    access: 'user',
    query,
    answer: { status: 200, description: 'The decisions and deliveries', schema: whyAnswer },
    async handle({ query: about, userId }) {
      return { body: whyView(await notifications.decisions.about(userId, about)) };
    },
  });
