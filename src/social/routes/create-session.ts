/** `POST /v1/sessions`: logs in. */
import { z } from 'zod';
import { passwordFits } from '../../http/auth/passwords.ts';
import { createThrottle } from '../../http/auth/throttle.ts';
import { type Route, route } from '../../http/route.ts';
import { wrongLogin } from '../problems.ts';
import type { SocialServices } from '../services.ts';
import { credentials } from './credentials.ts';

const sessionS = 30 * 24 * 3600;
const session = z.object({
  token: z.string(),
  expiresAt: z.iso.datetime().describe('Moves on while the session is used'),
  userId: z.string(),
});

export const createSession = ({ abuse, users, tokens }: SocialServices): Route => {
  // The rules count for all processes together, in Redis; this one counts for itself while Redis is away.
  const throttle = createThrottle({ failures: 10, pauseMs: 15 * 60_000 });
  return route({
    method: 'post',
    path: '/v1/sessions',
    tag: 'users',
    summary: 'Log in; the token lasts until it was not used for 30 days',
    access: 'open',
    limitPerMinute: 60,
    body: credentials,
    answer: { status: 201, description: 'A session', schema: session },
    async handle({ body, actor, req }) {
      const account = body.username.toLowerCase();
      throttle.check(account);
      await abuse.admit('log-in', req.ip ?? '', actor);
      const login = await users.findLogin(account);
      // Names that nobody has are counted like any other, and not written down: they may be anything.
      await abuse.admit('log-in-to', account, actor, login?.id ?? null);
      if (!(await passwordFits(login?.passwordHash, body.password)) || !login)
        throw throttle.failed(account) ?? wrongLogin();
      throttle.passed(account);
      await abuse.absolve('log-in-to', account);
      const issued = await tokens.issue({ userId: login.id, kind: 'session', scopes: [], expiresInS: sessionS });
      return { status: 201, body: { ...issued, userId: login.id }, headers: { 'cache-control': 'no-store' } };
    },
  });
};
