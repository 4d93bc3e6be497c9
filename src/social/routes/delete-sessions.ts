/** `DELETE /v1/sessions`: logs out everywhere. */
import { type Route, route } from '../../http/route.ts';
import type { SocialServices } from '../services.ts';

export const deleteSessions = ({ tokens }: SocialServices): Route =>
  route({
    method: 'delete',
    path: '/v1/sessions',
    tag: 'users',
    summary: 'Log out everywhere: end every token of the user',
    access: 'user',
    answer: { status: 204, description: 'No token of the user works any more' },
    async handle({ userId }) {
      await tokens.revokeAll(userId);
      return { status: 204 };
    },
  });
