/** How often one client address may try: for log-in, sign-up and whatever else invites guessing. */
import type { RequestHandler } from 'express';
import { rateLimit } from 'express-rate-limit';
import { tooMany } from './auth/throttle.ts';
import { sendProblem } from './errors.ts';

/**
 * Lets `limit` requests per minute and client address through (IPv6 by /56); counts in this process, so it works
 * whatever else is down.
 */
export function limitPerMinute(limit: number): RequestHandler {
  return rateLimit({
    windowMs: 60_000,
    limit,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    handler: (_req, res) => sendProblem(res, tooMany(Math.max(1, Number(res.get('retry-after') ?? 60)))),
  });
}
