/** `DELETE /v1/sessions/current`: logs out here. */
import { type Route, route } from '../../http/route.ts';
import { notASession } from '../problems.ts';
import type { SocialServices } from '../services.ts';

export const deleteCurrentSession = ({ tokens }: SocialServices): Route =>
  route({
    method: 'delete',
    path: '/v1/sessions/current',
    tag: 'users',
    summary: 'Log out: end the session whose token is sent',
    access: 'user',
    answer: { status: 204, description: 'The token no longer works' },
    async handle({ actor, req }) {
      const [, token] = /^Bearer +(\S+)$/i.exec(req.get('authorization') ?? '') ?? [];
      if (actor.kind !== 'user' || !token) throw notASession();
      await tokens.revoke(token);
      return { status: 204 };
    },
  });
