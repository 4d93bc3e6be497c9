/** The route table on Express: credentials, requests that do not fit, and the log. */
import { describe, expect, it } from 'vitest';
import { until } from '../support/stack.ts';
import { key, useThings } from '../support/things.ts';

const things = useThings();

describe('credentials', { tags: ['security'] }, () => {
  it('are asked for, and refused when they are unknown', async () => {
    const without = await things.call('POST', '/v1/things/1', { body: { name: 'a' } });
    expect(without.status).toBe(401);
    expect(without.headers.get('www-authenticate')).toContain('Bearer');
    expect(without.headers.get('content-type')).toContain('application/problem+json');
    expect((await things.call('GET', '/v1/mine', { token: 'wrong' })).json.code).toBe('invalid_token');
  });

  it('let a key act for a user only with the scope act', async () => {
    const headers = { 'x-acting-user': 'ana' };
    expect((await things.call('GET', '/v1/mine', { token: key, headers })).json).toEqual({ userId: 'ana' });
    expect((await things.call('GET', '/v1/mine', { token: 'reader-key', headers })).json.code).toBe('missing_scope');
    expect((await things.call('GET', '/v1/mine', { token: key })).json.code).toBe('acting_user_required');
  });

  it('hold a key to its scopes', async () => {
    const refused = await things.call('POST', '/v1/things/1', { body: { name: 'a' }, token: 'reader-key' });
    expect(refused.status).toBe(403);
    expect(refused.json.detail).toContain('things:write');
  });

  it('end when a token is revoked, or all of a user', async () => {
    const request = { userId: 'ben', kind: 'session' as const, scopes: [], expiresInS: 60 };
    const one = await things.tokens.issue(request);
    const two = await things.tokens.issue(request);
    const whoami = async (token: string) => (await things.call('GET', '/v1/mine', { token })).status;
    expect(await whoami(one.token)).toBe(200);
    await things.tokens.revoke(one.token);
    expect(await whoami(one.token)).toBe(401);
    expect(await whoami(two.token)).toBe(200);
    await (await things.tokens.revokeAll('ben', things.database))();
    expect(await whoami(two.token)).toBe(401);
  });

  it('keep only hashes in the database', async () => {
    const { token } = await things.tokens.issue({ userId: 'cara', kind: 'access', scopes: ['*'], expiresInS: 60 });
    const { rows } = await things.database.query(
      'select t::text from twolane.tokens t union all select k::text from twolane.api_keys k',
    );
    expect(JSON.stringify(rows)).not.toContain(token);
    expect(JSON.stringify(rows)).not.toContain(key);
  });

  it('work as a ticket in the query only for event streams, and only as a ticket', async () => {
    const ticket = await things.tokens.issue({ userId: 'dan', kind: 'stream', scopes: ['*'], expiresInS: 9_999 });
    expect(Date.parse(ticket.expiresAt) - Date.now()).toBeLessThan(61_000);
    expect((await things.call('GET', `/v1/mine/events?ticket=${ticket.token}`)).text).toBe('dan');
    const elsewhere = await things.call('GET', `/v1/mine?ticket=${ticket.token}`);
    expect([elsewhere.status, elsewhere.json.code]).toEqual([401, 'ticket_not_here']);
    const late = await things.tokens.issue({ userId: 'dan', kind: 'stream', scopes: ['*'], expiresInS: 1 });
    await things.database.query("update twolane.tokens set expires_at = now() where user_id = 'dan'");
    const expired = await things.call('GET', `/v1/mine/events?ticket=${late.token}`);
    expect([expired.status, expired.json.code]).toEqual([401, 'invalid_token']);
    expect(expired.json.detail).toContain('60 seconds are over');
    expect((await things.call('GET', '/v1/mine', { token: ticket.token })).status).toBe(401);
    const post = await things.call('POST', `/v1/things/1?ticket=${ticket.token}`, { body: { name: 'a' } });
    expect(post.status).toBe(401);
    const access = await things.tokens.issue({ userId: 'dan', kind: 'access', scopes: ['*'], expiresInS: 60 });
    expect((await things.call('GET', `/v1/mine/events?ticket=${access.token}`)).status).toBe(401);
  });
});

describe('requests', { tags: ['security'] }, () => {
  it('that do not fit get one answer that names every field', async () => {
    const refused = await things.make({ name: 1, payload: { width: 1.5 }, more: 1 }, {}, '/v1/things/x?size=99');
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
    expect(await things.make(body)).toMatchObject({ status, json: { code } });
    expect(({} as { admin?: boolean }).admin).toBeUndefined();
  });

  it('of another type than JSON are told so', async () => {
    expect((await things.make('name=a', { 'content-type': 'application/x-www-form-urlencoded' })).status).toBe(415);
  });

  it('to unknown paths get 404, with other methods 405 and what is allowed', async () => {
    expect((await things.call('GET', '/v1/nowhere')).json.code).toBe('not_found');
    const wrong = await things.call('DELETE', '/v1/things/1');
    expect(wrong.status).toBe(405);
    expect(wrong.headers.get('allow')).toBe('POST, OPTIONS');
    expect((await things.call('OPTIONS', '/v1/mine')).headers.get('allow')).toBe('GET, HEAD, OPTIONS');
  });

  it('that fail inside tell an id and nothing else', async () => {
    const failed = await things.make({ name: 'broken' });
    expect(failed.status).toBe(500);
    expect(failed.text).not.toMatch(/select|secrets|Error/);
    expect(failed.json.instance).toMatch(/^urn:uuid:/);
  });

  it('carry their id back and strict headers', async () => {
    const { headers } = await things.call('GET', '/v1/mine', { headers: { 'x-request-id': 'abcdefgh-1' } });
    expect(headers.get('x-request-id')).toBe('abcdefgh-1');
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-powered-by')).toBeNull();
  });

  it('are limited where a route says so', async () => {
    const statuses: number[] = [];
    for (let times = 0; times < 5; times += 1)
      statuses.push((await things.call('POST', '/v1/enter', { body: {} })).status);
    expect(statuses).toEqual([204, 204, 204, 429, 429]);
  });
});

describe('the log', { tags: ['security'] }, () => {
  it('has a line per request with the route, never the URL, credentials, users or bodies', async () => {
    const ticket = await things.tokens.issue({ userId: 'canary-user', kind: 'stream', scopes: ['*'], expiresInS: 60 });
    await things.call('GET', `/v1/mine/events?ticket=${ticket.token}`);
    await things.make({ name: 'canary-name' }, { 'x-acting-user': 'canary-user' }, '/v1/things/77777');
    await things.make({ name: 'broken' });
    await until('the last line is written', () => things.records.at(-1)?.includes('/v1/things/:id'));
    const log = things.records.join('');
    expect(log).toContain('"route":"/v1/mine/events","status":200');
    expect(log).toContain('"actor":"key first"');
    expect(log).toContain('select * from secrets');
    for (const secret of [key, ticket.token, 'canary', '77777']) expect(log).not.toContain(secret);
  });
});
