/** POST /v1/welcome: the one-time token of the printed link becomes a newcomer's token for the first uploads. */
import { z } from 'zod';
import { sameSecret, sha256 } from '../../http/auth/secret.ts';
import { Problem } from '../../http/problem.ts';
import { route } from '../../http/route.ts';
import type { ApiDeps } from '../deps.ts';

export const newcomer = 'newcomer';
const lifetimeS = 12 * 3600;

export function welcome({ config, db, tokens }: ApiDeps) {
  return route({
    method: 'post',
    path: '/v1/welcome',
    tag: 'tokens',
    summary: 'Exchange the one-time token of the printed link for a token of the user `newcomer`',
    access: 'open',
    limitPerMinute: 20,
    body: z.strictObject({ token: z.string().min(1).max(256) }),
    answer: {
      status: 201,
      description: 'A token for 12 hours.',
      schema: z.object({ token: z.string(), expiresAt: z.iso.datetime(), userId: z.string() }),
    },
    async handle({ body }) {
      const right = config.TWOLANE_WELCOME_TOKEN !== undefined && sameSecret(body.token, config.TWOLANE_WELCOME_TOKEN);
      if (!right) throw refused();
      const used = 'insert into twolane.welcomes (sha256) values ($1) on conflict do nothing';
      if ((await db.query(used, [sha256(body.token)])).rowCount !== 1) throw refused();
      const issued = await tokens.issue({ userId: newcomer, kind: 'access', scopes: ['*'], expiresInS: lifetimeS });
      return { body: { ...issued, userId: newcomer }, headers: { 'cache-control': 'no-store' } };
    },
  });
}

function refused(): Problem {
  const detail = 'This link was used before or is not from this start. `npm run credentials` prints the API key.';
  return new Problem(403, 'welcome_over', 'Not allowed', detail);
}
