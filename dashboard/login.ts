/** The login page: plain HTML without a script, so that it works everywhere and shows nothing of what lies behind it. */
import express, { type Request, type Response, Router } from 'express';
import { problemOf } from '../src/http/problem.ts';
import { clearSessionCookie, sessionCookie, setSessionCookie } from './cookie.ts';
import type { DashboardDeps } from './deps.ts';
import { checkOrigin } from './origin.ts';
import { readPage } from './pages.ts';

/** `GET /login`, `POST /login` and the style sheet: all that is reachable without a login. */
export function loginRouter(deps: DashboardDeps, webRoot: string): Router {
  const router = Router();
  router.get(
    /^\/assets\/look-[\w-]+\.css$/,
    express.static(webRoot, { immutable: true, maxAge: '365d', index: false }),
  );
  if (!deps.login) return router;
  const sessions = deps.login;
  router.get('/login', (req, res) => showLogin(req, res, webRoot, 200, ''));
  router.post('/login', express.urlencoded({ extended: false, limit: '10kb' }), async (req, res) => {
    checkOrigin(req);
    const { name, password } = credentials(req.body);
    try {
      const session = await sessions.login(name, password);
      if (!session) return await showLogin(req, res, webRoot, 401, 'That name and password do not go together.');
      deps.logger.info({ actor: name, action: 'login' }, 'An operator logged in');
      setSessionCookie(req, res, session.cookie);
      res.redirect(303, req.baseUrl + wantedPath(req));
    } catch (error) {
      const problem = problemOf(error);
      if (problem.status >= 500) throw error;
      res.set(problem.headers);
      await showLogin(req, res, webRoot, problem.status, problem.detail);
    }
  });
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

async function showLogin(req: Request, res: Response, webRoot: string, status: number, complaint: string) {
  const page = await readPage(webRoot, 'login.html', req.baseUrl);
  const filled = page
    .replace('NEXT_PATH', escapeHtml(encodeURIComponent(wantedPath(req))))
    .replace('<!-- complaint -->', complaint && `<p role="alert" class="complaint">${escapeHtml(complaint)}</p>`);
  res.status(status).set('cache-control', 'no-store').type('html').send(filled);
}

/** Where the person wanted to go: a path of this dashboard and nothing else. */
function wantedPath(req: Request): string {
  const next = req.query.next;
  return typeof next === 'string' && /^\/(?![/\\])[^\\\s]*$/.test(next) ? next : '/';
}

function credentials(body: unknown): { name: string; password: string } {
  const fields = (body ?? {}) as Record<string, unknown>;
  const text = (value: unknown) => (typeof value === 'string' ? value.slice(0, 1_000) : '');
  return { name: text(fields.name), password: text(fields.password) };
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
