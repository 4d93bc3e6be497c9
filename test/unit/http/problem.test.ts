/** Every thrown error becomes the answer that helps, and nothing of our inside leaks. */
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  ConflictError,
  InvalidPayloadError,
  OverloadedError,
  TwolaneError,
  UnknownJobTypeError,
} from '../../../src/contract/errors.ts';
import { fieldProblems, jsonPointer } from '../../../src/contract/pointer.ts';
import { Problem, problemOf } from '../../../src/http/problem.ts';

describe('problems', () => {
  it.each([
    [new InvalidPayloadError('resize', [{ pointer: '/width', detail: 'too small' }]), 422, 'invalid_payload'],
    [new UnknownJobTypeError('nope'), 422, 'unknown_job_type'],
    [new OverloadedError('full'), 503, 'overloaded'],
    [new ConflictError('not_dead', 'The job is running'), 409, 'not_dead'],
    [new TwolaneError('payload_too_large', '300 kB'), 413, 'payload_too_large'],
    [new TwolaneError('not_found', 'no job 1'), 404, 'not_found'],
    [Object.assign(new Error('x'), { type: 'entity.too.large', status: 413 }), 413, 'body_too_large'],
    [Object.assign(new Error('x'), { type: 'entity.parse.failed', status: 400 }), 400, 'invalid_json'],
    [Object.assign(new Error('x'), { type: 'encoding.unsupported', status: 415 }), 415, 'unsupported_media_type'],
    [new TypeError('x is undefined'), 500, 'internal'],
    ['a text', 500, 'internal'],
  ])('%s answers %i %s', (error, status, code) => {
    expect(problemOf(error)).toMatchObject({ status, code });
  });

  it('name the fields that do not fit by JSON Pointer', () => {
    const schema = z.strictObject({ payload: z.object({ width: z.int() }), list: z.array(z.string()) });
    const parsed = schema.safeParse({ payload: { width: 'x' }, list: ['a', 1], extra: 1 });
    const problem = problemOf(parsed.error);
    expect(problem.status).toBe(422);
    expect(problem.errors?.map((field) => field.pointer)).toEqual(['/payload/width', '/list/1', '/extra']);
  });

  it('say when to come back after an overload', () => {
    expect(problemOf(new OverloadedError('full', 2.4)).headers).toEqual({ 'retry-after': '3' });
  });

  it('hold no stack, SQL or path for what nobody expected', () => {
    const cause = new Error('select secret from /var/lib/x');
    const problem = problemOf(cause);
    expect(JSON.stringify(problem)).not.toMatch(/select|secret|\/var|at /);
    expect(problem.cause).toBe(cause);
    expect(problem.toJSON().instance).toMatch(/^urn:uuid:/);
  });

  it('pass through as they are', () => {
    const problem = new Problem(418, 'teapot', 'Teapot', 'Short and stout.');
    expect(problemOf(problem)).toBe(problem);
    expect(problem.toJSON()).toEqual({
      type: 'about:blank',
      title: 'Teapot',
      status: 418,
      code: 'teapot',
      detail: 'Short and stout.',
    });
  });
});

describe('JSON Pointers', () => {
  it('escape ~ and / as RFC 6901 says', () => {
    expect(jsonPointer(['a/b', '~c', 0])).toBe('/a~1b/~0c/0');
    expect(jsonPointer([])).toBe('');
  });

  it('begin with the given prefix', () => {
    const parsed = z.object({ limit: z.number() }).safeParse({ limit: 'x' });
    expect(parsed.error && fieldProblems(parsed.error, ['query'])[0]?.pointer).toBe('/query/limit');
  });
});
