/** The demo page and its built files, from `web/dist`; nothing else of that folder is served. */
import { readdir, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { z } from 'zod';
import { notFound, Problem } from '../../http/problem.ts';
import { type Reply, type Route, route } from '../../http/route.ts';

const types: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
};

/** @param folder what `npx vite build src/social/demo/web` has written */
export function demoPages(folder: string): Route[] {
  const page = route({
    method: 'get',
    path: '/demo',
    tag: 'pages',
    summary: 'Demo page',
    access: 'open',
    answer: { status: 200, description: 'The demo', contentType: 'text/html; charset=utf-8' },
    async handle({ req }): Promise<Reply> {
      // The links of the page are relative to its path, so it needs its slash.
      if (!req.path.endsWith('/')) return { status: 308, headers: { location: `${req.baseUrl}/demo/` } };
      const body = await readFile(join(folder, 'index.html')).catch(notBuilt);
      return { body, headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-cache' } };
    },
  });
  const asset = route({
    method: 'get',
    path: '/demo/assets/:file',
    tag: 'pages',
    summary: 'A file of the demo page',
    access: 'open',
    params: z.object({ file: z.string() }),
    answer: { status: 200, description: 'The file', contentType: 'application/octet-stream' },
    async handle({ params: { file } }) {
      const type = types[extname(file)];
      const built = await readdir(join(folder, 'assets')).catch(notBuilt);
      if (!type || !built.includes(file)) throw notFound('file');
      // Their names change with their content.
      const headers = { 'content-type': type, 'cache-control': 'public, max-age=31536000, immutable' };
      return { status: 200, body: await readFile(join(folder, 'assets', file)), headers };
    },
  });
  return [page, asset];
}

function notBuilt(cause: unknown): never {
  const cure = 'Build it with `npx vite build src/social/demo/web`, then reload.';
  throw new Problem(503, 'pages_not_built', 'The demo page is not built', cure, { cause });
}
