/** From the route table to an Express router: authenticate, authorise, read, run, answer. */
import express, { type Request, type RequestHandler, type Response } from 'express';
import type { Logger } from '../contract/logger.ts';
import { authorise, refuseSteering, scopeOf } from './auth/access.ts';
import { type Authenticate, anonymous } from './auth/authenticate.ts';
import { admitTenant, requireHeld } from './auth/tenant.ts';
import { contextOf } from './context.ts';
import { answerProblem, methodNotAllowed } from './errors.ts';
import type { Idempotency } from './idempotency.ts';
import { Problem } from './problem.ts';
import { limitPerMinute } from './rate-limit.ts';
import { bodyHash, jsonBody, readRequest } from './read-request.ts';
import type { Call, Reply, Route } from './route.ts';

export interface RouterDeps {
  authenticate: Authenticate;
  logger: Logger;
  /** Routes that people steer with are refused. Default false. */
  readOnly?: boolean;
  /** Absent: the header Idempotency-Key is not honoured (pages of the dashboard). */
  idempotency?: Idempotency;
}

/**
 * Builds the router. Paths of the table that are called with another method answer 405; unknown paths are passed on, so
 * that several routers can share an app.
 */
export function router(routes: readonly Route[], deps: RouterDeps): express.Router {
  const table = express.Router();
  const methods = new Map<string, string[]>();
  for (const route of routes) {
    table[route.method](route.path, ...steps(route, deps));
    methods.set(route.path, [...(methods.get(route.path) ?? []), route.method]);
  }
  for (const [path, allowed] of methods) table.all(path, methodNotAllowed(allowed));
  table.use(answerProblem(deps.logger));
  return table;
}

/** Authentication comes before the body, so that strangers can't make us read much. */
function steps(route: Route, deps: RouterDeps): RequestHandler[] {
  return [
    ...(route.limitPerMinute ? [limitPerMinute(route.limitPerMinute)] : []),
    async (req, _res, next) => {
      const context = contextOf(req);
      context.route = req.baseUrl + route.path;
      context.actor = route.access === 'open' ? anonymous : await deps.authenticate(req, route);
      authorise(route, context.actor);
      admitTenant(route, context.actor);
      if (deps.readOnly && route.access !== 'open') refuseSteering(scopeOf(route), route.method);
      next();
    },
    ...(route.body ? [jsonBody(route)] : []),
    (req, res) => run(route, deps, req, res),
  ];
}

async function run(route: Route, deps: RouterDeps, req: Request, res: Response): Promise<void> {
  const actor = contextOf(req).actor ?? anonymous;
  const call: Call = { ...readRequest(route, req), actor, userId: actor.userId ?? '', req, res };
  await requireHeld(route, call);
  const handle = async () => withStatus(await route.handle(call), route);
  const key = deps.idempotency && route.method === 'post' ? idempotencyKey(req) : undefined;
  if (!deps.idempotency || key === undefined || actor.kind === 'anonymous') return send(await handle(), route, res);
  const request = {
    actor: [actor.kind, actor.name, ...(actor.kind === 'key' ? [actor.userId] : [actor.tenant])]
      .filter(Boolean)
      .join(':'),
    method: req.method,
    path: req.originalUrl.split('?', 1)[0] ?? '',
    key,
    bodySha256: bodyHash(req),
    credential: req.get('authorization') ?? '',
  };
  send(await deps.idempotency.run(request, handle), route, res);
}

/** The header's value, with or without the quotes of a structured header. */
function idempotencyKey(req: Request): string | undefined {
  const given = req.get('idempotency-key');
  if (given === undefined) return undefined;
  const key = /^"?([\x21\x23-\x7e]{1,255})"?$/.exec(given)?.[1];
  if (key) return key;
  const detail = 'Idempotency-Key must be 1 to 255 visible ASCII characters without quotes inside.';
  throw new Problem(400, 'invalid_idempotency_key', 'Bad request', detail);
}

function withStatus(reply: Reply, route: Route): Reply {
  return reply === 'streamed' ? reply : { ...reply, status: reply.status ?? route.answer.status };
}

function send(reply: Reply, route: Route, res: Response): void {
  if (reply === 'streamed') return;
  res.status(reply.status ?? route.answer.status).set(reply.headers ?? {});
  if (reply.body === undefined) return void res.end();
  const { contentType } = route.answer;
  if (contentType && !res.get('content-type')) res.type(contentType);
  // A text without a named type is a JSON value like any other: it goes out in quotes.
  const ready = Buffer.isBuffer(reply.body) || (typeof reply.body === 'string' && res.get('content-type'));
  if (ready) res.send(reply.body);
  else res.json(reply.body);
}
