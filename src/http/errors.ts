/** The last steps of a request that went wrong: 404, 405, and every thrown error as a problem. */
import { STATUS_CODES } from 'node:http';
import type { ErrorRequestHandler, RequestHandler, Response } from 'express';
import type { Logger } from '../contract/logger.ts';
import { contextOf } from './context.ts';
import { Problem, problemOf } from './problem.ts';

/** Writes a problem as the answer. */
export function sendProblem(res: Response, problem: Problem): void {
  res.status(problem.status).set(problem.headers).set('cache-control', 'no-store');
  res.type('application/problem+json').send(JSON.stringify(problem));
}

/** Express's error handler: answers a problem and logs what a person should look at. */
export function answerProblem(logger: Logger): ErrorRequestHandler {
  return (error, req, res, next) => {
    const problem = problemOf(error);
    if (problem.status >= 500) {
      const { id, route } = contextOf(req);
      const fields = { err: problem.cause ?? error, requestId: id, route, instance: problem.instance };
      logger.error(fields, `${problem.status} ${STATUS_CODES[problem.status] ?? ''} on ${req.method} ${route}`);
    }
    if (res.headersSent) return next(error);
    sendProblem(res, problem);
  };
}

/** For paths that no router knew. Goes last into an app. */
export const nothingHere: RequestHandler = (_req, res) =>
  sendProblem(
    res,
    new Problem(404, 'not_found', 'Not found', 'There is nothing at this path; /docs lists what there is.'),
  );

/** For known paths with an unknown method. OPTIONS is answered with what is allowed. */
export function methodNotAllowed(methods: readonly string[]): RequestHandler {
  const upper = methods.map((method) => method.toUpperCase());
  const allow = [...new Set([...upper, ...(upper.includes('GET') ? ['HEAD'] : []), 'OPTIONS'])].join(', ');
  return (req, res) => {
    res.set('allow', allow);
    if (req.method === 'OPTIONS') return void res.status(204).end();
    const detail = `This path takes ${allow}.`;
    sendProblem(res, new Problem(405, 'method_not_allowed', 'Method not allowed', detail));
  };
}
