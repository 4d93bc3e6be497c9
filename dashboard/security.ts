/** Security headers: only our own origin may give scripts, styles and data, and nobody may frame the pages. */
import type { RequestHandler } from 'express';
import helmet from 'helmet';

const base = {
  'default-src': ["'none'"],
  'script-src': ["'self'"],
  'style-src': ["'self'"],
  'img-src': ["'self'", 'data:'],
  'connect-src': ["'self'"],
  'font-src': ["'self'"],
  'form-action': ["'self'"],
  'base-uri': ["'self'"],
  'frame-ancestors': ["'none'"],
};

/** The one policy names the service worker of alerts. */
const strict = {
  ...base,
  'worker-src': ["'self'"],
  'require-trusted-types-for': ["'script'"],
  'trusted-types': ['twolane'],
};

/** bull-board writes style elements, builds markup from text and runs its highlighter in a worker of its own origin. */
const board = { ...base, 'style-src': ["'self'", "'unsafe-inline'"], 'worker-src': ["'self'"] };

// Whether a host is reachable by HTTPS only is for the host application to say, hence no HSTS from here.
const headersWith = (directives: Record<string, string[]>): RequestHandler =>
  helmet({
    contentSecurityPolicy: { useDefaults: false, directives },
    strictTransportSecurity: false,
    referrerPolicy: { policy: 'same-origin' },
  });

export const strictHeaders: RequestHandler = headersWith(strict);
export const boardHeaders: RequestHandler = headersWith(board);
