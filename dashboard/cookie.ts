/** The cookie of an operator's session. */
import type { Request, Response } from 'express';

const cookieName = 'twolane_ops';
const sevenDaysMs = 7 * 24 * 60 * 60 * 1000;

/** Its value; undefined when the request has none. */
export const sessionCookie = (req: Request): string | undefined => readCookie(req, cookieName);

/** Holds a log-in by OpenID Connect that has begun. */
const begunName = 'twolane_ops_oidc';
export const begunCookie = (req: Request): string | undefined => readCookie(req, begunName);

/** Kept for ten minutes; `undefined` removes it. */
export function setBegunCookie(req: Request, res: Response, value: string | undefined): void {
  const options = { httpOnly: true, sameSite: 'lax', secure: isOverTls(req), path: `${req.baseUrl}/login` } as const;
  if (value === undefined) res.clearCookie(begunName, options);
  else res.cookie(begunName, value, { ...options, maxAge: 10 * 60_000 });
}

function readCookie(req: Request, wanted: string): string | undefined {
  for (const part of (req.headers.cookie ?? '').split(';')) {
    const [name, value] = part.trim().split('=', 2);
    if (name === wanted && value) return decode(value);
  }
  return undefined;
}

/** `lax`, so that a link in a chat opens the page; changing requests are guarded by the session's token. */
export function setSessionCookie(req: Request, res: Response, value: string): void {
  const options = { httpOnly: true, sameSite: 'lax', secure: isOverTls(req), maxAge: sevenDaysMs } as const;
  res.cookie(cookieName, value, { ...options, path: req.baseUrl || '/' });
}

export function clearSessionCookie(req: Request, res: Response): void {
  res.clearCookie(cookieName, { path: req.baseUrl || '/' });
}

/**
 * Also behind a proxy that ends TLS, whose header is believed here: who invents it makes a cookie of his own that he can't
 * send back.
 */
export function isOverTls(req: Request): boolean {
  return req.secure || /^https\b/i.test(req.get('x-forwarded-proto') ?? '');
}

/** A cookie that somebody has written by hand may hold anything. */
function decode(value: string): string | undefined {
  try {
    return decodeURIComponent(value);
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}
