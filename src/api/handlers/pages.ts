/** The pages of the API: the landing page, the reference, and their files, from an explicit list. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type Route, route } from '../../http/route.ts';

/** Path, file under web/, content type. Nothing else of that folder is served. */
const pages = [
  ['/', 'landing.html', 'text/html; charset=utf-8', 'Landing page'],
  ['/docs', 'docs.html', 'text/html; charset=utf-8', 'API reference'],
  ['/web/look.css', 'look.css', 'text/css; charset=utf-8', 'Look of the pages'],
  ['/web/landing.css', 'landing.css', 'text/css; charset=utf-8', 'Layout of the landing page'],
  ['/web/docs.css', 'docs.css', 'text/css; charset=utf-8', 'Layout of the reference'],
  ['/web/landing.js', 'landing.js', 'text/javascript; charset=utf-8', 'Script of the landing page'],
  ['/web/upload.js', 'upload.js', 'text/javascript; charset=utf-8', 'Upload and events for the landing page'],
  ['/web/docs.js', 'docs.js', 'text/javascript; charset=utf-8', 'Script of the reference'],
  ['/web/shape.js', 'shape.js', 'text/javascript; charset=utf-8', 'Schemas of the reference'],
  ['/favicon.svg', 'favicon.svg', 'image/svg+xml', 'Icon'],
] as const;

/** One route per file. Files are read once, at the start; browsers ask again with the ETag. */
export function pageRoutes(): Route[] {
  return pages.map(([path, file, contentType, summary]) => {
    const body = readFileSync(new URL(`../web/${file}`, import.meta.url));
    const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
    const headers = { 'content-type': contentType, 'cache-control': 'no-cache', etag };
    return route({
      method: 'get',
      path,
      tag: 'pages',
      summary,
      access: 'open',
      answer: { status: 200, description: summary, contentType },
      handle: async ({ req }) => {
        // Under a path the links of the page are relative to that path, so it needs its slash.
        if (req.originalUrl === req.baseUrl) return { status: 308, headers: { location: `${req.baseUrl}/` } };
        if (req.get('if-none-match') === etag) return { status: 304, headers };
        return { status: 200, body, headers };
      },
    });
  });
}
