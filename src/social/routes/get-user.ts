/** `GET /v1/users/:id`: a profile. */
import { z } from 'zod';
import { notFound } from '../../http/problem.ts';
import { type Route, route } from '../../http/route.ts';
import { userParams } from '../schemas.ts';
import type { SocialServices } from '../services.ts';

const profile = z.object({
  id: z.string(),
  username: z.string().nullable().describe('Null for users whom another product keeps'),
  followerCount: z.number().int(),
  followingCount: z.number().int(),
  postCount: z.number().int(),
  private: z.boolean().describe('Posts and comments are for followers, whom the user has let in'),
  youFollow: z.enum(['yes', 'asked', 'no']),
});

export const getUser = ({ users }: SocialServices): Route =>
  route({
    method: 'get',
    path: '/v1/users/:id',
    tag: 'users',
    summary: 'Read a profile',
    access: 'user',
    params: userParams,
    answer: { status: 200, description: 'The profile', schema: profile },
    async handle({ params, userId }) {
      const found = await users.profile(params.id, userId);
      if (!found) throw notFound('user');
      return { body: found };
    },
  });
