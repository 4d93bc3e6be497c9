/** `DELETE /v1/users/:id/block`: takes a block back. Who followed whom before does not come back. */
import { type Route, route } from '../../http/route.ts';
import { userParams } from '../schemas.ts';
import type { SocialServices } from '../services.ts';

export const unblockUser = ({ follows }: SocialServices): Route =>
  route({
    method: 'delete',
    path: '/v1/users/:id/block',
    tag: 'users',
    summary: 'Unblock a user',
    access: 'user',
    params: userParams,
    answer: { status: 204, description: 'The user is not blocked by you' },
    async handle({ params, userId }) {
      await follows.unblock(userId, params.id);
      return { status: 204 };
    },
  });
