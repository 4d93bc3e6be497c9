/** The gate in front of everything but the login page: who is asking, and did the request really come from our pages. */
import { timingSafeEqual } from 'node:crypto';
import type { Request, RequestHandler, Response } from 'express';
import { roles } from '../src/contract/permissions.ts';
import { requireScope } from '../src/http/auth/access.ts';
import { Problem } from '../src/http/problem.ts';
import { sessionCookie } from './cookie.ts';
import type { DashboardDeps, Operator } from './deps.ts';
import { checkOrigin } from './origin.ts';

/** The operator that the gate has found; only behind the gate. */
export function operatorOf(res: Response): Operator {
  return (res.locals as { operator: Operator }).operator;
}

/** Stands for the token of a host application that has none: no page of another site can send the header at all. */
const ownPage = 'own-page';

/** Asks the host application first, then our own sessions. */
export async function findOperator(deps: DashboardDeps, req: Request): Promise<Operator | undefined> {
  const known = await deps.authorize?.(req);
  if (known) {
    const { name, role = 'viewer', permissions = roles[role], csrf = ownPage } = known;
    return { name, role, permissions, csrf };
  }
  if (!deps.login) return undefined;
  const cookie = sessionCookie(req);
  return cookie === undefined ? undefined : deps.login.find(cookie);
}

/** Lets operators through; sends people to the login page, and tells programs 401. Changing requests are checked further. */
export function gate(deps: DashboardDeps): RequestHandler {
  return async (req, res, next) => {
    res.setHeader('cache-control', 'no-store');
    const operator = await findOperator(deps, req);
    if (!operator) return refuse(deps, req, res);
    if (!isSafe(req.method)) checkChange(req, operator);
    requireScope({ kind: 'operator', scopes: operator.permissions }, 'pages:open');
    res.locals.operator = operator;
    next();
  };
}

function refuse(deps: DashboardDeps, req: Request, res: Response): void {
  const page = isSafe(req.method) && !/^\/(queues\/)?api(\/|$)/.test(req.path) && wantsPage(req);
  if (!page || !deps.login) {
    throw new Problem(401, 'login_required', 'Log in first', 'Only operators who are logged in may see this.');
  }
  res.redirect(302, `${req.baseUrl}/login?next=${encodeURIComponent(req.url)}`);
}

function wantsPage(req: Request): boolean {
  return (req.headers.accept ?? '').includes('text/html');
}

function isSafe(method: string): boolean {
  return method === 'GET' || method === 'HEAD';
}

/** A changing request must come from our own origin and carry the session's token. */
function checkChange(req: Request, operator: Operator): void {
  checkOrigin(req);
  // bull-board's pages send it under the name of the library that they call with.
  const token = req.get('x-csrf-token') ?? req.get('x-xsrf-token') ?? '';
  if (!sameText(token, operator.csrf)) {
    throw new Problem(
      403,
      'csrf',
      'Refused',
      'The token of the session is missing or old. Reload the page, then repeat.',
    );
  }
}

function sameText(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
