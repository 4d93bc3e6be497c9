/**
 * Whatever is sent to whatever route of the API: the answer is one of the contract, never one of a fault inside. The calls are made
 * from the OpenAPI document, so that a new route is called too. `TWOLANE_FUZZ_CALLS` random calls of each, 2 where nothing is said.
 */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { apiKey, startTestApp, type TestApp } from '../../support/app.ts';
import {
  type ApiCall,
  type ApiDocument,
  type ApiOperation,
  arbitraryCall,
  operationsOf,
} from '../../support/hostile-calls.ts';

const callsOfEach = Number(process.env.TWOLANE_FUZZ_CALLS ?? 2);
const seed = Number(process.env.TWOLANE_PROPERTY_SEED ?? Date.now() % 2 ** 31);

/** What would tell of our code, our servers or our disk. */
const insides =
  /node_modules|\.ts:\d|\bat \S+ \(|syntax error at|invalid input syntax|violates|relation "|\/tmp\/|\/home\/|ECONN|Cannot read prop/;

let app: TestApp;
let document: ApiDocument;
let operations: ApiOperation[];
beforeAll(async () => {
  app = await startTestApp({ worker: false, settings: { TWOLANE_MAX_PAYLOAD_BYTES: '100000' } });
  document = (await (await fetch(`${app.url}/openapi.json`)).json()) as ApiDocument;
  operations = operationsOf(document);
});
afterAll(() => app?.stop());

describe('The API', { tags: ['security'] }, () => {
  test('refuses what can not be kept, in the path and in each field of the query', async () => {
    const calls = operations.flatMap(({ method, path, parameters }) => {
      const filled = path.replaceAll(/\{\w+\}/g, '1');
      const inPath = path === filled ? [] : [path.replaceAll(/\{\w+\}/g, 'a%00b')];
      const inQuery = parameters.filter((one) => one.in === 'query').map(({ name }) => `${filled}?${name}=a%00b`);
      return [...inPath, ...inQuery].map((path) => ({ method, path, body: undefined, asUser: false }));
    });
    expect(calls.length).toBeGreaterThan(100);
    const answers = await Promise.all(calls.map(async (call) => ({ call, ...(await answerOf(call, {})) })));
    const kept = answers.filter(({ status, fault }) => fault || status < 400);
    expect(kept.map(({ call, status, fault }) => `${call.method} ${call.path}: ${fault ?? status}`)).toEqual([]);
  });

  test(
    'answers hostile calls of every route as its contract says, and is itself afterwards',
    async () => {
      expect(operations.length).toBeGreaterThan(100);
      const ids: string[] = [];
      const statuses = new Map<number, number>();
      const faults: string[] = [];
      for (const [place, operation] of operations.entries()) {
        const calls = fc.sample(arbitraryCall(operation, document, ids), { numRuns: callsOfEach, seed: seed + place });
        for (const call of calls) {
          const { status, fault, id } = await answerOf(call, operation);
          statuses.set(status, (statuses.get(status) ?? 0) + 1);
          if (fault)
            faults.push(`${call.method} ${call.path.slice(0, 300)} ${call.body?.slice(0, 300) ?? ''}: ${fault}`);
          if (id) ids.push(id);
        }
      }
      const told = [...statuses].map(([status, count]) => `${count} × ${status}`);
      console.info(`Answers of ${operations.length} routes, seed ${seed}: ${told.join(', ')}`);
      expect(faults).toEqual([]);
      expect(
        [...statuses].filter(([status]) => status < 300).reduce((sum, [, count]) => sum + count, 0),
      ).toBeGreaterThan(operations.length / 10);
      expect(({} as { polluted?: string }).polluted).toBeUndefined();
      expect((await fetch(`${app.url}/readyz`)).status).toBe(200);
    },
    120_000 + callsOfEach * 10_000,
  );
});

/** The status of the answer, what is wrong with it, and the id of what it made or found. */
async function answerOf(call: ApiCall, { streams, isPage }: Partial<ApiOperation>) {
  const over = new AbortController();
  const answer = await fetch(app.url + call.path, {
    method: call.method.toUpperCase(),
    redirect: 'manual',
    signal: over.signal,
    headers: {
      authorization: `Bearer ${apiKey}`,
      ...(call.asUser && { 'x-acting-user': '1' }),
      ...(call.body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(call.body !== undefined && { body: call.body }),
  });
  const { status } = answer;
  // A stream that has begun has no end.
  const text = streams && status === 200 ? '' : await answer.text();
  over.abort();
  const type = answer.headers.get('content-type') ?? '';
  const id: unknown = status < 300 && /json/.test(type) && text ? JSON.parse(text).id : undefined;
  return {
    status,
    fault: isPage && type.startsWith('text/html') && status < 500 ? undefined : faultOf(status, type, text),
    id: typeof id === 'string' ? id : undefined,
  };
}

function faultOf(status: number, type: string, text: string): string | undefined {
  const told = `${status} ${text.slice(0, 300)}`;
  if (status >= 500) return told;
  // Node itself answers requests whose head is too large.
  if (status < 400 || status === 431 || text === '') return undefined;
  if (insides.test(text)) return `tells of the inside: ${told}`;
  const problem = type.startsWith('application/problem+json') ? JSON.parse(text) : {};
  const whole = problem.status === status && problem.title && problem.code;
  return whole ? undefined : `is no problem of the contract: ${told}`;
}
