/** The cookie of an operator's session and the check that a changing request was meant by its owner. */
import type { Request } from 'express';
import { Problem } from '../problem.ts';
import { sameSecret } from './secret.ts';

const idleS = 8 * 3600;
const nameOf = (secure: boolean) => (secure ? '__Host-twolane' : 'twolane');

/** A Set-Cookie header that opens the session; `undefined` as the value ends it. `secure` when served over TLS. */
export function operatorCookie(value: string | undefined, secure: boolean): string {
  const age = value === undefined ? 0 : idleS;
  const flags = `Path=/; HttpOnly; SameSite=Lax; Max-Age=${age}${secure ? '; Secure' : ''}`;
  return `${nameOf(secure)}=${value ?? ''}; ${flags}`;
}

/** The session's value from the Cookie header, undefined without one. */
export function readOperatorCookie(req: Request): string | undefined {
  const pairs = (req.get('cookie') ?? '').split(';').map((pair) => pair.trim());
  for (const name of [nameOf(true), nameOf(false)]) {
    const found = pairs.find((pair) => pair.startsWith(`${name}=`));
    if (found) return found.slice(name.length + 1);
  }
  return undefined;
}

/**
 * Refuses a changing request that another site may have caused: the browser must call it same-origin, and it must carry
 * the session's token in `X-CSRF-Token` or the form field `csrf`.
 * @throws Problem 403 `csrf`.
 */
export function checkCsrf(req: Request, session: { csrf: string }): void {
  const field = typeof req.body === 'object' && req.body !== null ? (req.body as { csrf?: unknown }).csrf : undefined;
  const given = req.get('x-csrf-token') ?? field;
  if (sameSite(req) && typeof given === 'string' && sameSecret(given, session.csrf)) return;
  throw new Problem(
    403,
    'csrf',
    'Not allowed',
    'The page is out of date or the request came from elsewhere: reload it.',
  );
}

/** Sec-Fetch-Site where the browser sends it, the Origin's host otherwise; clients that send neither pass to the token check. */
function sameSite(req: Request): boolean {
  const site = req.get('sec-fetch-site');
  if (site !== undefined) return site === 'same-origin' || site === 'none';
  const origin = req.get('origin');
  return origin === undefined || (URL.canParse(origin) && new URL(origin).host === req.get('host'));
}
