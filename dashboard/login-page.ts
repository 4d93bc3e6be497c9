/** The login page: plain HTML without a script, so that it works everywhere and shows nothing of what lies behind it. */
import type { Request, Response } from 'express';
import { readPage } from './pages.ts';

export interface LoginPage {
  /** Shows the page; `complaint` says why the last try failed, empty at the first. */
  show(req: Request, res: Response, status: number, complaint: string): Promise<void>;
}

/** @param elsewhere whether people may log in by OpenID Connect, too */
export function loginPage({ webRoot, elsewhere }: { webRoot: string; elsewhere: boolean }): LoginPage {
  return {
    async show(req, res, status, complaint) {
      const page = await readPage(webRoot, 'login.html', req.baseUrl);
      const next = escapeHtml(encodeURIComponent(wantedPath(req)));
      const link = `<a class="button" href="login/oidc?next=${next}">Log in with your organisation</a>`;
      const filled = page
        .replace('NEXT_PATH', next)
        .replace('<!-- elsewhere -->', elsewhere ? link : '')
        .replace('<!-- complaint -->', complaint && `<p role="alert" class="complaint">${escapeHtml(complaint)}</p>`);
      res.status(status).set('cache-control', 'no-store').type('html').send(filled);
    },
  };
}

/** Where the person wanted to go: a path of this dashboard and nothing else. */
export function wantedPath(req: Request): string {
  const next = req.query.next;
  return typeof next === 'string' && /^\/(?![/\\])[^\\\s]*$/.test(next) ? next : '/';
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
