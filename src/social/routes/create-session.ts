/** `POST /v1/sessions`: logs in. */
import { z } from 'zod';
import { type Route, route } from '../../http/route.ts';
import { passwordFits } from '../passwords.ts';
import { wrongLogin } from '../problems.ts';
import type { SocialServices } from '../services.ts';
import { credentials } from './credentials.ts';

const sessionS = 30 * 24 * 3600;
const session = z.object({ token: z.string(), expiresAt: z.iso.datetime(), userId: z.string() });

export const createSession = ({ users, tokens }: SocialServices): Route =>
  route({
    method: 'post',
    path: '/v1/sessions',
    tag: 'users',
    summary: 'Log in; the token lasts 30 days',
    access: 'open',
    limitPerMinute: 60,
    body: credentials,
    answer: { status: 201, description: 'A session', schema: session },
    async handle({ body }) {
      const login = await users.findLogin(body.username);
      if (!(await passwordFits(login?.passwordHash, body.password)) || !login) throw wrongLogin();
      const issued = await tokens.issue({ userId: login.id, kind: 'session', scopes: [], expiresInS: sessionS });
      return { status: 201, body: { ...issued, userId: login.id }, headers: { 'cache-control': 'no-store' } };
    },
  });
