/** Requests that are meant to wear the API out, or to change what it is made of: each is answered with little work, and alone. */
import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import express from 'express';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { silentLogger } from '../../../src/contract/index.ts';
import { answerProblem } from '../../../src/http/errors.ts';
import { jsonBody } from '../../../src/http/read-request.ts';
import { useApiApp } from '../../support/api-app.ts';
import { apiKey } from '../../support/app.ts';

const api = useApiApp();
const raw = (body: string, path = '/v1/jobs') => api.call('POST', path, { token: apiKey, body });
const arrays = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
const job = (payload: string) => `{"type":"resize","payload":${payload}}`;

/** The processor time that an answer may cost, of the whole process with its workers, milliseconds. */
const mostCpuMs = 500;
const costly: Record<string, () => Promise<{ status: number }>> = {
  'a thousand levels': () => raw(job(arrays(1_000))),
  'a hundred thousand levels': () => raw(job(arrays(100_000))),
  'a payload beyond the limit': () => raw(job(`{"width":1,"a/b":"${'x'.repeat(900_000)}"}`)),
  'a body beyond the limit': () => raw(`"${'x'.repeat(20_000_000)}"`),
  'fifty thousand fields': () => raw(job(`{${Array.from({ length: 50_000 }, (_, n) => `"f${n}":${n}`).join(',')}}`)),
  'a number of a million digits': () => raw(job(`{"width":${'9'.repeat(900_000)}}`)),
  'an escape of a megabyte': () => raw(job(`{"width":"${'\\u0041'.repeat(150_000)}"}`)),
  'no JSON': () => raw('{"type":'.repeat(10_000)),
  'a search of many words': () => api.get(`/v1/jobs?q=${encodeURIComponent('name:resize '.repeat(1_000))}`),
  'a search that is hard to read': () => api.get(`/v1/jobs?q=${encodeURIComponent(`${'"'.repeat(4_000)}!`)}`),
  'a query of many fields': () => api.get(`/v1/jobs?${'a=b&'.repeat(3_000)}`),
  'a query of many brackets': () => api.get(`/v1/jobs?a${'[b]'.repeat(3_000)}=1`),
  'a path of many parts': () => api.get(`/v1/jobs/${'a/'.repeat(5_000)}`),
  'a range of nothing': () =>
    api.call('GET', '/v1/jobs', { token: apiKey, headers: { range: `bytes=${'0-,'.repeat(3_000)}` } }),
  'a credential that is long': () => api.call('GET', '/v1/jobs', { token: 'x'.repeat(10_000) }),
};

describe('A request', { tags: ['security'], timeout: 60_000 }, () => {
  beforeAll(async () => void (await api.enqueue()));

  it('that is meant to cost much is refused or answered for little', async () => {
    const cost: Record<string, number> = {};
    for (const [what, send] of Object.entries(costly)) {
      const before = process.cpuUsage();
      const { status } = await send();
      const { user, system } = process.cpuUsage(before);
      cost[what] = (user + system) / 1_000;
      expect([what, status < 500]).toEqual([what, true]);
    }
    expect(Object.entries(cost).filter(([, ms]) => ms > mostCpuMs)).toEqual([]);
    expect((await api.get('/v1/jobs')).status).toBe(200);
  });

  it('changes no prototype, wherever its JSON names one', async () => {
    const bad = '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}';
    for (const body of [bad, job(bad), `{"type":"resize","payload":{"width":1},"options":${bad}}`, `[${bad}]`])
      expect((await raw(body)).status).toBeLessThan(500);
    expect((await raw(`{"jobs":[${bad}]}`, '/v1/jobs/bulk')).status).toBe(422);
    expect((await api.get('/v1/jobs?__proto__[polluted]=1&constructor[prototype][polluted]=1')).status).toBeLessThan(
      500,
    );
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });

  it('that never sends its body whole is given up', async () => {
    const app = express();
    app.post('/', jsonBody({ body: z.unknown() }, 200), (_req, res) => void res.end());
    app.use(answerProblem(silentLogger));
    const server = app.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    socket.write('POST / HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{');
    const drip = setInterval(() => socket.write(' '), 50);
    const told = Buffer.concat(await socket.toArray()).toString();
    clearInterval(drip);
    expect(told).toMatch(/^HTTP\/1\.1 408 /);
    expect(told).toContain('"too_slow"');
    server.closeAllConnections();
    server.close();
  });

  it('whose head has no end, or is of two minds, does not reach the API', async () => {
    const { hostname, port } = new URL(api.app.url);
    const say = async (head: string) => {
      const socket = connect(Number(port), hostname);
      socket.on('error', () => undefined);
      socket.end(head);
      return Buffer.concat(await socket.toArray().catch(() => [])).toString();
    };
    const start = 'POST /v1/jobs HTTP/1.1\r\nhost: a\r\n';
    expect(await say(`${start}${'x-a: b\r\n'.repeat(5_000)}\r\n`)).toMatch(/^HTTP\/1\.1 431 /);
    expect(await say(`${start}x-a: ${'b'.repeat(100_000)}\r\n\r\n`)).toMatch(/^HTTP\/1\.1 431 /);
    // What a proxy and we might read differently is how requests are smuggled.
    expect(await say(`${start}content-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`)).toMatch(
      /^HTTP\/1\.1 400 /,
    );
    expect(await say(`${start}content-length: 5\r\ncontent-length: 6\r\n\r\nhello`)).toMatch(/^HTTP\/1\.1 400 /);
    expect(await say(`${start}transfer-encoding: chunked, identity\r\n\r\n0\r\n\r\n`)).toMatch(/^HTTP\/1\.1 400 /);
    expect(await say('GET /v1/jobs\nhost: a\n\n')).toMatch(/^HTTP\/1\.1 400 /);
  });
});
