/** Logging in and out: all that is reachable without a login, and the way out. */
import express, { Router } from 'express';
import { problemOf } from '../src/http/problem.ts';
import { limitPerMinute } from '../src/http/rate-limit.ts';
import { clearSessionCookie, sessionCookie, setSessionCookie } from './cookie.ts';
import type { DashboardDeps } from './deps.ts';
import { loginPage, wantedPath } from './login-page.ts';
import { oidcRouter } from './oidc-login.ts';
import { checkOrigin } from './origin.ts';

/** Tries of one client address, whatever the names. */
const triesPerMinute = 60;

/** `GET /login`, `POST /login`, the way by OpenID Connect and the style sheet. */
export function loginRouter(deps: DashboardDeps, webRoot: string): Router {
  const router = Router();
  router.get(
    /^\/assets\/look-[\w-]+\.css$/,
    express.static(webRoot, { immutable: true, maxAge: '365d', index: false }),
  );
  if (!deps.login) return router;
  const sessions = deps.login;
  const page = loginPage({ webRoot, elsewhere: deps.oidc !== undefined });
  router.get('/login', (req, res) => page.show(req, res, 200, ''));
  const form = express.urlencoded({ extended: false, limit: '10kb' });
  router.post('/login', limitPerMinute(triesPerMinute), form, async (req, res) => {
    checkOrigin(req);
    const { name, password } = credentials(req.body);
    try {
      const session = await sessions.login(name, password);
      if (!session) return await page.show(req, res, 401, 'That name and password do not go together.');
      deps.logger.info({ actor: name, action: 'login' }, 'An operator logged in');
      setSessionCookie(req, res, session.cookie);
      res.redirect(303, req.baseUrl + wantedPath(req));
    } catch (error) {
      const problem = problemOf(error);
      if (problem.status >= 500) throw error;
      res.set(problem.headers);
      await page.show(req, res, problem.status, problem.detail);
    }
  });
  if (deps.oidc) router.use(oidcRouter(deps, { sessions, oidc: deps.oidc, page }));
  return router;
}

/** `POST /logout`, behind the gate: the session ends at once, everywhere. */
export function logoutRouter(deps: DashboardDeps): Router {
  const router = Router();
  router.post('/logout', async (req, res) => {
    const cookie = sessionCookie(req);
    if (cookie !== undefined) await deps.login?.logout(cookie);
    clearSessionCookie(req, res);
    res.status(204).end();
  });
  return router;
}

function credentials(body: unknown): { name: string; password: string } {
  const fields = (body ?? {}) as Record<string, unknown>;
  const text = (value: unknown) => (typeof value === 'string' ? value.slice(0, 1_000) : '');
  return { name: text(fields.name), password: text(fields.password) };
}
