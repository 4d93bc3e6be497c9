/** From the headers of a request to the actor behind it. */
import type { Request } from 'express';
import { Problem, unauthorised } from '../problem.ts';
import type { Actor, Route } from '../route.ts';
import { holds } from './access.ts';
import type { KeyRates } from './key-rates.ts';
import type { Credential, Tokens } from './tokens.ts';

export type Authenticate = (req: Request, route: Pick<Route, 'answer'>) => Promise<Actor>;

export const anonymous: Actor = Object.freeze({ kind: 'anonymous', scopes: [], name: 'anonymous' });

/**
 * Reads `Authorization: Bearer` (API key, session or access token), on event streams also `?ticket=` (stream ticket), and for
 * keys with the scope `act` the user in `X-Acting-User`. Without credentials the actor is anonymous.
 * @param rates counts the calls of keys that have a limit; without it no limit holds
 * @throws Problem 401 `invalid_token` for credentials that are unknown or expired, `ticket_not_here` for a ticket elsewhere; 429
 * `rate_limited` for a key that calls too often.
 */
export function bearerAuthentication(tokens: Pick<Tokens, 'find'>, rates?: KeyRates): Authenticate {
  return async (req, route) => {
    const header = req.get('authorization');
    if (header !== undefined) {
      const found = await bearer(tokens, header);
      if (found.ratePerMinute !== null) rates?.admit(found.name, found.ratePerMinute);
      return actorOf(found, req);
    }
    const { ticket } = req.query;
    if (typeof ticket !== 'string') return anonymous;
    if (route.answer.contentType !== 'text/event-stream')
      throw unauthorised(
        'A ticket opens event streams only. Send a token as `Authorization: Bearer …`.',
        'ticket_not_here',
      );
    const found = await tokens.find(ticket);
    if (found?.kind !== 'stream')
      throw unauthorised('The ticket is unknown or its 60 seconds are over. Make a new one.');
    return actorOf(found, req);
  };
}

async function bearer(tokens: Pick<Tokens, 'find'>, header: string): Promise<Credential> {
  const [, token] = /^Bearer +([\x21-\x7e]{1,512})$/i.exec(header) ?? [];
  if (!token) throw unauthorised('Send the API key or token as `Authorization: Bearer …`.');
  const found = await tokens.find(token);
  if (!found || found.kind === 'stream') throw unauthorised('The API key or token is unknown, revoked or expired.');
  return found;
}

function actorOf(found: Credential, req: Request): Actor {
  const { kind, name, userId, scopes, tenant } = found;
  if (kind === 'session') return { kind: 'user', userId, scopes: ['*'], tenant, name };
  if (kind !== 'key') return { kind: 'user', userId, scopes, tenant, name };
  const acting = req.get('x-acting-user');
  if (acting === undefined) return { kind: 'key', scopes, tenant, name };
  if (!holds(scopes, 'act'))
    throw new Problem(
      403,
      'missing_scope',
      'Not allowed',
      'This API key lacks the scope "act" that X-Acting-User needs.',
    );
  if (!/^[^\s]{1,64}$/.test(acting))
    throw new Problem(
      422,
      'invalid_acting_user',
      'The request does not fit',
      'X-Acting-User must be 1 to 64 characters.',
    );
  return { kind: 'key', userId: acting, scopes, tenant, name };
}
