/** Logging in by OpenID Connect: to the provider and back. */
import { type Request, type RequestHandler, type Response, Router } from 'express';
import type { Oidc } from '../src/http/auth/oidc.ts';
import type { OperatorSessions } from '../src/http/auth/operator-sessions.ts';
import { problemOf } from '../src/http/problem.ts';
import { begunCookie, setBegunCookie, setSessionCookie } from './cookie.ts';
import type { DashboardDeps } from './deps.ts';
import { type LoginPage, wantedPath } from './login-page.ts';

/** `GET /login/oidc` leads to the provider, `GET /login/oidc/callback` is where it sends people back to. */
export function oidcRouter(
  { logger }: Pick<DashboardDeps, 'logger'>,
  { sessions, oidc, page }: { sessions: OperatorSessions; oidc: Oidc; page: LoginPage },
): Router {
  const orSay =
    (work: (req: Request, res: Response) => Promise<void>): RequestHandler =>
    async (req, res) => {
      try {
        await work(req, res);
      } catch (error) {
        const problem = problemOf(error);
        if (problem.code === 'internal') throw error;
        logger.warn({ err: problem.cause ?? problem, code: problem.code }, 'A log-in by OpenID Connect failed');
        await page.show(req, res, problem.status, problem.detail);
      }
    };
  const router = Router();
  router.get(
    '/login/oidc',
    orSay(async (req, res) => {
      const { url, kept } = await oidc.begin(wantedPath(req));
      setBegunCookie(req, res, kept);
      res.set('cache-control', 'no-store').redirect(302, url);
    }),
  );
  router.get(
    '/login/oidc/callback',
    orSay(async (req, res) => {
      const begun = begunCookie(req);
      setBegunCookie(req, res, undefined);
      const { identity, next } = await oidc.finish(req.originalUrl.split('?', 2)[1] ?? '', begun);
      const session = await sessions.enter(identity);
      logger.info({ actor: identity.name, action: 'login' }, 'An operator logged in');
      setSessionCookie(req, res, session.cookie);
      res.set('cache-control', 'no-store').redirect(303, req.baseUrl + next);
    }),
  );
  return router;
}
