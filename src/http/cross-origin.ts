/** CORS: which pages of other origins may call the API and read its files. Off unless origins are configured. */
import cors from 'cors';
import type { RequestHandler } from 'express';
import { TwolaneError } from '../contract/errors.ts';

const exposedHeaders = [
  ...['Location', 'Retry-After', 'Idempotent-Replayed', 'X-Request-Id', 'WWW-Authenticate', 'ETag', 'Twolane-Media-Id'],
  ...[
    'Tus-Resumable',
    'Tus-Version',
    'Tus-Extension',
    'Tus-Max-Size',
    'Tus-Checksum-Algorithm',
    'Upload-Offset',
    'Upload-Length',
    'Upload-Expires',
  ],
];
const allowedHeaders = [
  ...['Authorization', 'Content-Type', 'Idempotency-Key', 'X-Acting-User', 'X-Request-Id', 'Last-Event-ID', 'Range'],
  ...['traceparent', 'Tus-Resumable', 'Upload-Length', 'Upload-Offset', 'Upload-Metadata', 'Upload-Checksum'],
  ...['Content-Digest', 'Repr-Digest'],
];

/**
 * Answers preflights and marks the answers that a page of these origins may read. Cookies are never accepted: who calls
 * says so in `Authorization`.
 * @param list origins such as `https://app.example, http://localhost:5173`, or `*`; empty: nothing is allowed
 * @throws TwolaneError `invalid_configuration` naming the entry that is no origin
 */
export function crossOrigin(list: string): RequestHandler[] {
  const origins = list
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
  if (origins.length === 0) return [];
  const wrong = origins.find((entry) => entry !== '*' && !(URL.canParse(entry) && new URL(entry).origin === entry));
  if (wrong !== undefined)
    throw new TwolaneError(
      'invalid_configuration',
      `TWOLANE_CORS_ORIGINS: "${wrong}" is no origin such as https://app.example (no path, no slash at the end)`,
    );
  const answer = cors({
    origin: origins.includes('*') ? '*' : origins,
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    ...{ allowedHeaders, exposedHeaders, credentials: false, maxAge: 600 },
  });
  return [
    (req, res, next) => {
      // An OPTIONS that is no preflight asks the route itself.
      if (req.method === 'OPTIONS' && req.get('access-control-request-method') === undefined) return next();
      answer(req, res, next);
    },
  ];
}
