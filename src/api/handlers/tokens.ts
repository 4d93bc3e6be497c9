/** POST /v1/tokens: short-lived tokens for browsers, and tickets for event streams. */
import { z } from 'zod';
import { holds } from '../../http/auth/access.ts';
import { Problem } from '../../http/problem.ts';
import { type Actor, route } from '../../http/route.ts';
import type { ApiDeps } from '../deps.ts';

const longestS = 24 * 3600;
const body = z.strictObject({
  userId: z.string().min(1).max(64).optional().describe('Whose token. Default: the acting user.'),
  scopes: z.array(z.string().min(1).max(64)).max(50).optional().describe("Default: the caller's own."),
  expiresInS: z.int().min(1).max(longestS).default(3600).describe('Seconds; a stream ticket lives 60 at most.'),
  use: z.enum(['access', 'stream']).default('access'),
});

/** A key makes tokens for anybody; a user makes stream tickets for himself. Nobody hands out more than he has. */
export function issueToken({ tokens }: ApiDeps) {
  return route({
    method: 'post',
    path: '/v1/tokens',
    tag: 'tokens',
    summary: 'Make a short-lived token for a browser, or a 60 s ticket for `?ticket=` on event streams',
    access: 'either',
    tenant: 'own',
    body,
    answer: {
      status: 201,
      description: 'The token, shown once.',
      schema: z.object({ token: z.string(), expiresAt: z.iso.datetime() }),
    },
    async handle({ body: { userId, scopes, expiresInS, use }, actor }) {
      const owner = ownerOf(actor, userId, use);
      const granted = scopes ?? actor.scopes;
      const beyond = granted.filter((scope) => !holds(actor.scopes, scope));
      if (beyond.length) throw forbidden(`A token can't have scopes that you lack: ${beyond.join(', ')}.`);
      const issued = await tokens.issue({
        userId: owner,
        kind: use,
        scopes: granted,
        expiresInS,
        tenant: actor.tenant,
      });
      return { body: issued, headers: { 'cache-control': 'no-store' } };
    },
  });
}

function ownerOf(actor: Actor, asked: string | undefined, use: 'access' | 'stream'): string {
  const owner = asked ?? actor.userId;
  if (actor.kind === 'user' && use !== 'stream') throw forbidden('A user makes stream tickets only.');
  const foreign = owner !== actor.userId;
  if (foreign && !(actor.kind === 'key' && actor.userId === undefined && holds(actor.scopes, 'act')))
    throw forbidden('A token for somebody else needs an API key with the scope "act".');
  if (owner !== undefined) return owner;
  const errors = [{ pointer: '/userId', detail: 'is needed: a token belongs to a user' }];
  throw new Problem(422, 'invalid_request', 'The request does not fit', '/userId: is needed', { errors });
}

const forbidden = (detail: string) => new Problem(403, 'forbidden', 'Not allowed', detail);
