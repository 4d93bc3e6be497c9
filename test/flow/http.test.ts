/** The route table on Express with real credentials and idempotency keys in PostgreSQL. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ConflictError } from '../../src/contract/index.ts';
import { bearerAuthentication } from '../../src/http/auth/authenticate.ts';
import { seedCredentials, setApiKey } from '../../src/http/auth/seed.ts';
import { createTokens, type Tokens } from '../../src/http/auth/tokens.ts';
import { requestLog } from '../../src/http/context.ts';
import { nothingHere } from '../../src/http/errors.ts';
import { idempotency } from '../../src/http/idempotency.ts';
import { type Route, route } from '../../src/http/route.ts';
import { router } from '../../src/http/router.ts';
import { securityHeaders } from '../../src/http/security-headers.ts';
import { type Database, openDatabase } from '../../src/ledger/database.ts';
import { createLogger } from '../../src/telemetry/logger.ts';
import { serve, type TestServer } from '../support/http.ts';
import { migratedDatabase, until } from '../support/stack.ts';

const key = 'a-key-of-the-tests-with-enough-characters';
let database: Database;
let drop: () => Promise<void>;
let tokens: Tokens;
let server: TestServer;
let runs = 0;
let finishSlow: () => void = () => {};

/** Everything that was logged. */
const records: string[] = [];
const logger = createLogger({ level: 'debug', destination: { write: (line) => records.push(line) } });

const answer = { status: 201, description: 'Made.' };
const things: Route[] = [
  route({
    method: 'post',
    path: '/v1/things/:id',
    tag: 'Things',
    summary: 'Make a thing',
    access: 'either',
    params: z.object({ id: z.string().regex(/^\d+$/) }),
    query: z.strictObject({ size: z.coerce.number().max(9).optional() }),
    body: z.strictObject({ name: z.string(), payload: z.object({ width: z.int() }).optional() }),
    bodyLimitBytes: 2_000,
    answer,
    async handle({ body, actor }) {
      runs += 1;
      if (body.name === 'conflict') throw new ConflictError('busy', 'Busy');
      if (body.name === 'broken') throw new Error('select * from secrets');
      if (body.name === 'slow') await new Promise<void>((resolve) => (finishSlow = resolve));
      return { body: { run: runs, name: body.name, userId: actor.userId ?? null }, headers: { 'x-made': 'yes' } };
    },
  }),
  route({
    method: 'post',
    path: '/v1/streamed',
    tag: 'Things',
    summary: 'Read the body in the handler',
    access: 'key',
    answer,
    async handle({ req }) {
      runs += 1;
      const bytes = (await req.toArray()).reduce((total: number, chunk: Buffer) => total + chunk.length, 0);
      return { body: { run: runs, bytes } };
    },
  }),
  route({
    method: 'get',
    path: '/v1/mine',
    tag: 'Things',
    summary: 'Who am I',
    access: 'user',
    answer: { status: 200, description: 'You.' },
    handle: async ({ userId }) => ({ body: { userId } }),
  }),
  route({
    method: 'post',
    path: '/v1/enter',
    tag: 'Things',
    summary: 'Limited',
    access: 'open',
    limitPerMinute: 3,
    body: z.object({}),
    answer: { status: 204, description: 'In.' },
    handle: async () => ({}),
  }),
];

beforeAll(async () => {
  const fresh = await migratedDatabase();
  drop = fresh.drop;
  database = openDatabase({ url: fresh.url });
  await seedCredentials(database, { TWOLANE_API_KEY: key });
  await setApiKey(database, 'reader', 'reader-key', ['things:read']);
  tokens = createTokens(database);
  server = await serve(
    requestLog(logger),
    securityHeaders({ tls: false }),
    router(things, {
      authenticate: bearerAuthentication(tokens),
      logger,
      idempotency: idempotency({ db: database, logger }),
    }),
    nothingHere,
  );
});

afterAll(async () => {
  await server?.close();
  await database?.close();
  await drop?.();
});

const make = (body: unknown, headers: Record<string, string> = {}, path = '/v1/things/1') =>
  server.call('POST', path, { body, token: key, headers });

describe('credentials', () => {
  it('are asked for, and refused when they are unknown', async () => {
    const without = await server.call('POST', '/v1/things/1', { body: { name: 'a' } });
    expect(without.status).toBe(401);
    expect(without.headers.get('www-authenticate')).toContain('Bearer');
    expect(without.headers.get('content-type')).toContain('application/problem+json');
    expect((await server.call('GET', '/v1/mine', { token: 'wrong' })).json.code).toBe('invalid_token');
  });

  it('let a key act for a user only with the scope act', async () => {
    const headers = { 'x-acting-user': 'ana' };
    expect((await server.call('GET', '/v1/mine', { token: key, headers })).json).toEqual({ userId: 'ana' });
    expect((await server.call('GET', '/v1/mine', { token: 'reader-key', headers })).json.code).toBe('missing_scope');
    expect((await server.call('GET', '/v1/mine', { token: key })).json.code).toBe('acting_user_required');
  });

  it('hold a key to its scopes', async () => {
    const refused = await server.call('POST', '/v1/things/1', { body: { name: 'a' }, token: 'reader-key' });
    expect(refused.status).toBe(403);
    expect(refused.json.detail).toContain('things:write');
  });

  it('end when a token is revoked, or all of a user', async () => {
    const request = { userId: 'ben', kind: 'session' as const, scopes: [], expiresInS: 60 };
    const one = await tokens.issue(request);
    const two = await tokens.issue(request);
    const whoami = async (token: string) => (await server.call('GET', '/v1/mine', { token })).status;
    expect(await whoami(one.token)).toBe(200);
    await tokens.revoke(one.token);
    expect(await whoami(one.token)).toBe(401);
    expect(await whoami(two.token)).toBe(200);
    await tokens.revokeAll('ben');
    expect(await whoami(two.token)).toBe(401);
  });

  it('keep only hashes in the database', async () => {
    const { token } = await tokens.issue({ userId: 'cara', kind: 'access', scopes: ['*'], expiresInS: 60 });
    const { rows } = await database.query(
      'select t::text from twolane.tokens t union all select k::text from twolane.api_keys k',
    );
    expect(JSON.stringify(rows)).not.toContain(token);
    expect(JSON.stringify(rows)).not.toContain(key);
  });

  it('work as a ticket in the query only for GET, and only as a ticket', async () => {
    const ticket = await tokens.issue({ userId: 'dan', kind: 'stream', scopes: ['*'], expiresInS: 9_999 });
    expect(Date.parse(ticket.expiresAt) - Date.now()).toBeLessThan(61_000);
    expect((await server.call('GET', `/v1/mine?ticket=${ticket.token}`)).json).toEqual({ userId: 'dan' });
    expect((await server.call('GET', '/v1/mine', { token: ticket.token })).status).toBe(401);
    const post = await server.call('POST', `/v1/things/1?ticket=${ticket.token}`, { body: { name: 'a' } });
    expect(post.status).toBe(401);
    const access = await tokens.issue({ userId: 'dan', kind: 'access', scopes: ['*'], expiresInS: 60 });
    expect((await server.call('GET', `/v1/mine?ticket=${access.token}`)).status).toBe(401);
  });
});

describe('requests', () => {
  it('that do not fit get one answer that names every field', async () => {
    const refused = await make({ name: 1, payload: { width: 1.5 }, more: 1 }, {}, '/v1/things/x?size=99');
    expect(refused.status).toBe(422);
    const pointers = refused.json.errors.map((field: { pointer: string }) => field.pointer);
    expect(pointers.sort()).toEqual(['/more', '/name', '/path/id', '/payload/width', '/query/size']);
  });

  it.each([
    ['no JSON', '{"name":', 400, 'invalid_json'],
    ['too much', { name: 'x'.repeat(3_000) }, 413, 'body_too_large'],
    ['too deep', `${'{"a":'.repeat(100)}1${'}'.repeat(100)}`, 422, 'invalid_request'],
    ['a NUL', { name: 'a\0b' }, 422, 'invalid_request'],
    ['half a surrogate pair', '{"name":"\\ud800"}', 422, 'invalid_request'],
    ['a polluted prototype', '{"name":"a","__proto__":{"admin":true}}', 422, 'invalid_request'],
  ])('with %s are refused', async (_what, body, status, code) => {
    expect(await make(body)).toMatchObject({ status, json: { code } });
    expect(({} as { admin?: boolean }).admin).toBeUndefined();
  });

  it('of another type than JSON are told so', async () => {
    expect((await make('name=a', { 'content-type': 'application/x-www-form-urlencoded' })).status).toBe(415);
  });

  it('to unknown paths get 404, with other methods 405 and what is allowed', async () => {
    expect((await server.call('GET', '/v1/nowhere')).json.code).toBe('not_found');
    const wrong = await server.call('DELETE', '/v1/things/1');
    expect(wrong.status).toBe(405);
    expect(wrong.headers.get('allow')).toBe('POST, OPTIONS');
    expect((await server.call('OPTIONS', '/v1/mine')).headers.get('allow')).toBe('GET, HEAD, OPTIONS');
  });

  it('that fail inside tell an id and nothing else', async () => {
    const failed = await make({ name: 'broken' });
    expect(failed.status).toBe(500);
    expect(failed.text).not.toMatch(/select|secrets|Error/);
    expect(failed.json.instance).toMatch(/^urn:uuid:/);
  });

  it('carry their id back and strict headers', async () => {
    const { headers } = await server.call('GET', '/v1/mine', { headers: { 'x-request-id': 'abcdefgh-1' } });
    expect(headers.get('x-request-id')).toBe('abcdefgh-1');
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-powered-by')).toBeNull();
  });

  it('are limited where a route says so', async () => {
    const statuses: number[] = [];
    for (let times = 0; times < 5; times += 1)
      statuses.push((await server.call('POST', '/v1/enter', { body: {} })).status);
    expect(statuses).toEqual([204, 204, 204, 429, 429]);
  });
});

describe('Idempotency-Key', () => {
  const keyed = (value: string) => ({ 'idempotency-key': value });

  it('answers a repeat with the first answer, byte for byte, without running again', async () => {
    const before = runs;
    const first = await make({ name: 'once' }, keyed('k1'));
    const second = await make({ name: 'once' }, keyed('k1'));
    expect(runs).toBe(before + 1);
    expect(second).toMatchObject({ status: 201, text: first.text });
    expect(second.headers.get('x-made')).toBe('yes');
    expect(second.headers.get('idempotent-replayed')).toBe('true');
  });

  it('refuses another body', async () => {
    await make({ name: 'one' }, keyed('k2'));
    expect(await make({ name: 'two' }, keyed('k2'))).toMatchObject({
      status: 422,
      json: { code: 'idempotency_key_reused' },
    });
  });

  it('means nothing to other paths, users and keys', async () => {
    const first = await make({ name: 'a' }, keyed('k3'));
    const otherPath = await make({ name: 'a' }, keyed('k3'), '/v1/things/2');
    const otherUser = await make({ name: 'a' }, { ...keyed('k3'), 'x-acting-user': 'ana' });
    expect(new Set([first, otherPath, otherUser].map((reply) => reply.json.run)).size).toBe(3);
  });

  it('answers 409 while the first request runs, then its answer', async () => {
    const before = runs;
    const first = make({ name: 'slow' }, keyed('k4'));
    await until('the first request runs', () => runs > before);
    const second = await make({ name: 'slow' }, keyed('k4'));
    expect(second).toMatchObject({ status: 409, json: { code: 'idempotency_key_in_use' } });
    expect(second.headers.get('retry-after')).toBe('1');
    finishSlow();
    expect((await make({ name: 'slow' }, keyed('k4'))).text).toBe((await first).text);
  });

  it('lets one of many simultaneous requests run', async () => {
    const before = runs;
    const answers = await Promise.all(Array.from({ length: 20 }, () => make({ name: 'race' }, keyed('k5'))));
    expect(runs).toBe(before + 1);
    expect(answers.every(({ status }) => status === 201 || status === 409)).toBe(true);
  });

  it.each(['broken', 'conflict'])('keeps no answer that may change: %s runs again', async (name) => {
    const before = runs;
    await make({ name }, keyed(`k6-${name}`));
    await make({ name }, keyed(`k6-${name}`));
    expect(runs).toBe(before + 2);
  });

  it('lets a repeat run when the first never ended, once its lock is over', async () => {
    const before = runs;
    await make({ name: 'lost' }, keyed('k7'));
    await database.query(
      "update twolane.http_idempotency set status = null, answer = null, locked_until = now() - interval '1 s' where key = 'k7'",
    );
    expect((await make({ name: 'lost' }, keyed('k7'))).status).toBe(201);
    expect(runs).toBe(before + 2);
  });

  it('is forgotten after 24 hours', async () => {
    await make({ name: 'old' }, keyed('k8'));
    await database.query(
      "update twolane.http_idempotency set created_at = now() - interval '24 h 1 s' where key = 'k8'",
    );
    expect((await make({ name: 'new' }, keyed('k8'))).status).toBe(201);
  });

  it('answers a repeated upload by its key alone, since no two multipart bodies are equal', async () => {
    const send = (body: string) =>
      server.call('POST', '/v1/streamed', {
        body,
        token: key,
        headers: { ...keyed('k9'), 'content-type': 'application/octet-stream' },
      });
    const first = await send('12345');
    expect(first.json.bytes).toBe(5);
    expect((await send('1234567')).text).toBe(first.text);
  });

  it('must be printable', async () => {
    expect((await make({ name: 'a' }, keyed('x'.repeat(256)))).json.code).toBe('invalid_idempotency_key');
  });
});

describe('the log', () => {
  it('has a line per request with the route, never the URL, credentials, users or bodies', async () => {
    const ticket = await tokens.issue({ userId: 'canary-user', kind: 'stream', scopes: ['*'], expiresInS: 60 });
    await server.call('GET', `/v1/mine?ticket=${ticket.token}`);
    await make({ name: 'canary-name' }, { 'x-acting-user': 'canary-user' }, '/v1/things/77777');
    await make({ name: 'broken' });
    await until('the last line is written', () => records.at(-1)?.includes('/v1/things/:id'));
    const log = records.join('');
    expect(log).toContain('"route":"/v1/mine","status":200');
    expect(log).toContain('"actor":"key first"');
    expect(log).toContain('select * from secrets');
    for (const secret of [key, ticket.token, 'canary', '77777']) expect(log).not.toContain(secret);
  });
});
