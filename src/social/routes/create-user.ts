/** `POST /v1/users`: signs up. */
import { z } from 'zod';
import { hashPassword } from '../../http/auth/passwords.ts';
import { type Route, route } from '../../http/route.ts';
import { usernameTaken } from '../problems.ts';
import type { SocialServices } from '../services.ts';
import { credentials } from './credentials.ts';

export const createUser = ({ abuse, users }: SocialServices): Route =>
  route({
    method: 'post',
    path: '/v1/users',
    tag: 'users',
    summary: 'Sign up',
    access: 'open',
    limitPerMinute: 60,
    body: credentials,
    answer: { status: 201, description: 'The new user', schema: z.object({ id: z.string(), username: z.string() }) },
    async handle({ body, actor, req }) {
      await abuse.admit('sign-up', req.ip ?? '', actor);
      const user = await users.create(body.username, await hashPassword(body.password));
      if (!user) throw usernameTaken();
      return { status: 201, body: user };
    },
  });
