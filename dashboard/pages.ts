/** Serves the operator's pages: one HTML file for every page, with the path it is mounted at, and the built assets. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import express, { Router } from 'express';
import { Problem } from '../src/http/problem.ts';
import { pagePaths } from './page-paths.ts';

/** The router of the pages; anything that it does not know gets a 404. */
export function pagesRouter(webRoot: string): Router {
  const router = Router();
  router.use(
    '/assets',
    express.static(join(webRoot, 'assets'), { immutable: true, maxAge: '365d', index: false, fallthrough: true }),
  );
  // The service worker has to stand above the pages that it works for, by a name that stays.
  for (const name of ['icon.svg', 'push.js'])
    router.get(`/${name}`, (_req, res) => res.sendFile(join(webRoot, name), { cacheControl: false }));
  router.get([...pagePaths], async (req, res) => {
    res.type('html').send(await readPage(webRoot, 'index.html', req.baseUrl));
  });
  router.use(() => {
    throw new Problem(404, 'not_found', 'Not found', 'There is no such page. The overview links to all of them.');
  });
  return router;
}

/**
 * A built page with the path the dashboard is mounted at: its `<base>` lets one build work under any path.
 * @throws Problem 503 `pages_not_built`.
 */
export async function readPage(webRoot: string, name: string, mountedAt: string): Promise<string> {
  try {
    const page = await readFile(join(webRoot, name), 'utf8');
    return page.replace('<base href="/" />', `<base href="${encodeURI(mountedAt)}/" />`);
  } catch (cause) {
    const cure = 'Build the pages with `npx vite build dashboard/web`, then reload.';
    throw new Problem(503, 'pages_not_built', 'The pages are not built', cure, { cause });
  }
}
