/** Reads what a route declares: path, query and JSON body, checked together so that one answer names every field. */
import { createHash } from 'node:crypto';
import express, { type Request, type RequestHandler } from 'express';
import type { z } from 'zod';
import type { FieldProblem } from '../contract/errors.ts';
import { fieldProblems } from './pointer.ts';
import { invalidRequest, Problem } from './problem.ts';
import type { Route } from './route.ts';

const defaultBodyLimit = 1024 * 1024;
const deepest = 64;
const bodyHashes = new WeakMap<object, Buffer>();

/** Parses the JSON body of a route that has one, and hashes it where an Idempotency-Key will need that. */
export function jsonBody(route: Pick<Route, 'body' | 'bodyLimitBytes'>): RequestHandler {
  const parse = express.json({
    limit: route.bodyLimitBytes ?? defaultBodyLimit,
    strict: false,
    verify: (req, _res, bytes) => {
      if (req.headers['idempotency-key']) bodyHashes.set(req, createHash('sha256').update(bytes).digest());
    },
  });
  return (req, res, next) => {
    if (hasBody(req) && !req.is(['json', '+json'])) throw notJson();
    parse(req, res, next);
  };
}

/** SHA-256 of the body as it was sent; that of nothing where there was none. */
export function bodyHash(req: Request): Buffer {
  return bodyHashes.get(req) ?? createHash('sha256').digest();
}

/**
 * The parsed parts of a request.
 * @throws Problem 422 `invalid_request`: pointers into the body start at its root (`/payload/width`), those of the
 * path and the query begin with `/path` and `/query`.
 */
export function readRequest(route: Route, req: Request): { params: unknown; query: unknown; body: unknown } {
  if (tooDeep(req.body, deepest))
    throw invalidRequest([{ pointer: '', detail: `must not be nested deeper than ${deepest} levels` }]);
  const problems: FieldProblem[] = [];
  const read = (schema: z.ZodType | undefined, value: unknown, under: string[]) => {
    const parsed = schema?.safeParse(value);
    if (parsed?.success === false) problems.push(...fieldProblems(parsed.error, under));
    return parsed?.data;
  };
  const params = read(route.params, req.params, ['path']);
  const query = read(route.query, withoutTicket(req.query), ['query']);
  const body = read(route.body, req.body, []);
  if (problems.length) throw invalidRequest(problems);
  return { params, query, body };
}

/** The stream ticket belongs to authentication, so that strict query schemas need not know it. */
function withoutTicket({ ticket: _ticket, ...query }: Request['query']): Request['query'] {
  return query;
}

function hasBody(req: Request): boolean {
  return req.headers['transfer-encoding'] !== undefined || Number(req.headers['content-length'] ?? 0) > 0;
}

function tooDeep(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (levels === 0) return true;
  return Object.values(value).some((inner) => tooDeep(inner, levels - 1));
}

function notJson(): Problem {
  return new Problem(415, 'unsupported_media_type', 'Unsupported media type', 'Send the body as application/json.');
}
