/** Reads what a route declares: path, query and JSON body, checked together so that one answer names every field. */
import { createHash } from 'node:crypto';
import express, { type Request, type RequestHandler } from 'express';
import type { z } from 'zod';
import type { FieldProblem } from '../contract/errors.ts';
import { fieldProblems, jsonPointer } from '../contract/pointer.ts';
import { invalidRequest, Problem } from './problem.ts';
import type { Route } from './route.ts';

const defaultBodyLimit = 1024 * 1024;
const deepest = 64;
/** NUL and lone surrogates. */
const unstorable = /[\0\p{Cs}]/u;
const unstorableText = 'must not hold NUL or half a surrogate pair';
const bodyHashes = new WeakMap<object, Buffer>();

/**
 * Parses the JSON body of a route that has one, and hashes it where an Idempotency-Key will need that.
 * @param patienceMs the time that the body has to arrive. Default 30 s.
 * @throws Problem 415 `unsupported_media_type`, 408 `too_slow`
 */
export function jsonBody(route: Pick<Route, 'body' | 'bodyLimitBytes'>, patienceMs = 30_000): RequestHandler {
  const parse = express.json({
    limit: route.bodyLimitBytes ?? defaultBodyLimit,
    strict: false,
    verify: (req, _res, bytes) => {
      if (req.headers['idempotency-key']) bodyHashes.set(req, createHash('sha256').update(bytes).digest());
    },
  });
  return (req, res, next) => {
    if (!hasBody(req)) return next();
    if (!req.is(['json', '+json'])) throw notJson();
    let over = false;
    // Whichever comes first: what is parsed after the answer is of no use.
    const go = (problem?: unknown) => {
      clearTimeout(patience);
      if (!over) next(problem);
      over = true;
    };
    const patience = setTimeout(() => go(tooSlow()), patienceMs);
    parse(req, res, go);
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
  const flaw = flawOf(req.body) ?? flawOf(req.params, deepest, '/path') ?? flawOf(req.query, deepest, '/query');
  if (flaw) throw invalidRequest([flaw]);
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

/**
 * What PostgreSQL can't hold, or what nobody sends in earnest: the first flaw found, undefined where all is sound.
 */
function flawOf(value: unknown, levels = deepest, pointer = ''): FieldProblem | undefined {
  if (typeof value === 'string') return unstorable.test(value) ? { pointer, detail: unstorableText } : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  if (levels === 0) return { pointer, detail: `must not be nested deeper than ${deepest} levels` };
  for (const [name, inner] of Object.entries(value)) {
    const flaw = unstorable.test(name)
      ? { pointer, detail: unstorableText }
      : flawOf(inner, levels - 1, pointer + jsonPointer([name]));
    if (flaw) return flaw;
  }
  return undefined;
}

function tooSlow(): Problem {
  const headers = { connection: 'close' };
  return new Problem(408, 'too_slow', 'Too slow', 'The body took too long to arrive; send it again.', { headers });
}

function notJson(): Problem {
  return new Problem(415, 'unsupported_media_type', 'Unsupported media type', 'Send the body as application/json.');
}
