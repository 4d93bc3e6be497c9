/** `GET` and `PUT /v1/notification-preferences`: what somebody wants to hear of, where, and when not. */
import { type Route, route } from '../../http/route.ts';
import { matrix, type Preferences } from '../notifications/preferences.ts';
import { preferencesAnswer, preferencesBody } from '../notifications/schemas.ts';
import type { SocialServices } from '../services.ts';

const path = '/v1/notification-preferences';
const answer = { status: 200, description: 'What holds now', schema: preferencesAnswer };

export const getNotificationPreferences = ({ notifications }: SocialServices): Route =>
  route({
    method: 'get',
    path,
    tag: 'notifications',
    summary: 'Read what you want to be notified of, and where',
    access: 'user',
    answer,
    handle: async ({ userId }) => ({ body: view(await notifications.preferences.of(userId), notifications) }),
  });

export const putNotificationPreferences = ({ notifications }: SocialServices): Route =>
  route({
    method: 'put',
    path,
    tag: 'notifications',
    summary: 'Say what you want to be notified of, and where; what is left out is as by default',
    access: 'user',
    body: preferencesBody,
    answer,
    async handle({ body, userId }) {
      await notifications.preferences.replace(userId, body);
      return { body: view(body, notifications) };
    },
  });

function view(preferences: Preferences, { configured }: SocialServices['notifications']) {
  const { off, quietHours } = preferences;
  return { off, quietHours, channels: matrix(preferences), available: ['in-app' as const, ...configured] };
}
