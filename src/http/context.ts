/** What is known of every request: its id, its trace, which route answers it; and one log line when it is over. */
import { randomBytes, randomUUID } from 'node:crypto';
import type { Request, RequestHandler, Response } from 'express';
import type { Logger } from '../contract/logger.ts';
import type { Metrics } from '../contract/metrics.ts';
import type { Tracer } from '../contract/tracing.ts';
import type { Actor } from './route.ts';

export interface RequestContext {
  /** From `X-Request-Id` where that is sane, else new; echoed in the answer. */
  id: string;
  /** W3C trace context of this request, for the jobs that it enqueues. */
  traceparent: string;
  /** The route's pattern, never the URL: URLs hold ids and tickets. */
  route: string;
  actor: Actor | undefined;
}

/** The route of a request that no table of ours has answered. */
const elsewhere = 'none';
const contexts = new WeakMap<Request, RequestContext>();

/** The context of a request; made on first use. */
export function contextOf(req: Request): RequestContext {
  const known = contexts.get(req);
  if (known) return known;
  const made: RequestContext = {
    id: /^[\w-]{8,64}$/.exec(req.get('x-request-id') ?? '')?.[0] ?? randomUUID(),
    traceparent: childOf(req.get('traceparent')),
    route: elsewhere,
    actor: undefined,
  };
  contexts.set(req, made);
  return made;
}

/** Sets `X-Request-Id`; logs a line and counts when the answer is sent or the client has gone. Paths of others stay out. */
export function requestLog(
  logger: Logger,
  { meter, tracer }: { meter?: Pick<Metrics, 'request'>; tracer?: Tracer | undefined } = {},
): RequestHandler {
  return (req, res, next) => {
    const started = performance.now();
    const context = contextOf(req);
    const span = tracer?.start({ name: req.method, kind: 'server', parent: req.get('traceparent') });
    if (span?.traceparent) context.traceparent = span.traceparent;
    res.setHeader('x-request-id', context.id);
    res.once('close', () => {
      span?.end(answered(req, res));
      const ms = performance.now() - started;
      if (context.route === elsewhere) return;
      meter?.request({ method: req.method, route: context.route, status: res.statusCode }, ms / 1_000);
      writeLine(logger, req, res, ms);
    });
    if (span) span.run(next);
    else next();
  };
}

/** Names by the conventions of OpenTelemetry for HTTP. */
function answered(req: Request, res: Response) {
  const { route } = contextOf(req);
  const attributes = {
    'http.request.method': req.method,
    'http.route': route,
    'http.response.status_code': res.statusCode,
  };
  return { name: `${req.method} ${route}`, attributes, ...(res.statusCode >= 500 && { error: `${res.statusCode}` }) };
}

function writeLine(logger: Logger, req: Request, res: Response, ms: number): void {
  const { id, traceparent, route, actor } = contextOf(req);
  const fields = {
    requestId: id,
    traceId: traceparent.slice(3, 35),
    method: req.method,
    route,
    status: res.statusCode,
    ms: Math.round(ms * 10) / 10,
    actor: actor?.kind === 'key' ? `key ${actor.name}` : (actor?.kind ?? 'anonymous'),
    ...(res.writableFinished ? {} : { clientGone: true }),
  };
  const quiet = /^\/(healthz|readyz|metrics)$/.test(route);
  logger[quiet ? 'debug' : 'info'](fields, `${req.method} ${route} ${res.statusCode}`);
}

/** Continues the caller's trace with a span of our own, or begins one (W3C Trace Context, version 00). */
function childOf(header: string | undefined): string {
  const [, trace, , flags] = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/.exec(header ?? '') ?? [];
  const known = trace !== undefined && !/^0+$/.test(trace);
  return `00-${known ? trace : randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-${known ? flags : '00'}`;
}
