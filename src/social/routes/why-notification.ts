/** `GET /v1/notifications/:id/why`: what the gates said of a notification, and what became of it on each channel. */
import { notFound } from '../../http/problem.ts';
import { type Route, route } from '../../http/route.ts';
import { whyAnswer, whyView } from '../notifications/schemas.ts';
import { postParams } from '../schemas.ts';
import type { SocialServices } from '../services.ts';

export const whyNotification = ({ notifications }: SocialServices): Route =>
  route({
    method: 'get',
    path: '/v1/notifications/:id/why',
    tag: 'notifications',
    summary: 'Why you were told, or were not told yet; kept for 30 days',
    access: 'user',
    params: postParams,
    answer: { status: 200, description: 'The decisions and deliveries', schema: whyAnswer },
    async handle({ params: { id }, userId }) {
      const why = await notifications.decisions.of(userId, id);
      if (!why) throw notFound('notification');
      return { body: whyView(why) };
    },
  });
