/** The client against a whole installation. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { clientTypes, clientTypesFile } from '../../scripts/client-types.ts';
import { createClient, ProblemError, type TwolaneClient, UnreachableError } from '../../src/client/index.ts';
import { apiKey } from '../support/app.ts';
import { type CliApp, startCliApp } from '../support/cli-app.ts';

let app: CliApp;
let client: TwolaneClient;

beforeAll(async () => {
  app = await startCliApp();
  client = createClient({ url: app.url, key: apiKey });
});
afterAll(() => app.stop());

describe('The client', () => {
  test('is typed from the schema that the API serves', async () => {
    const whole = await startCliApp({ worker: false, scheduler: false, settings: {}, overrides: {} });
    const document = await (await fetch(`${whole.url}/openapi.json`)).json();
    await whole.stop();
    expect(readFileSync(clientTypesFile, 'utf8'), 'run `npm run client:types`').toBe(await clientTypes(document));
    const queues = await client.get('/v1/queues');
    const depth: number = queues.items.reduce((sum, { counts }) => sum + counts.waiting, 0);
    expect(depth).toBeGreaterThanOrEqual(0);
    // @ts-expect-error a job has no such field
    expect((await client.get('/v1/jobs')).items[0]?.colour).toBeUndefined();
    // @ts-expect-error there is no such path
    await expect(client.get('/v1/nothing')).rejects.toThrow(ProblemError);
  });

  test('goes over all pages, and asks for no more than it needs', async () => {
    const options = { delayMs: 600_000, key: 'pages' };
    await client.enqueueMany(
      [1, 2, 3, 4, 5].map((n) => ({ type: 'convert-file', payload: { file: `${n}` }, options })),
    );
    const ids: string[] = [];
    let pages = 0;
    const counted = createClient({
      url: app.url,
      key: () => apiKey,
      fetch: (request) => fetch(request).finally(() => (pages += 1)),
    });
    for await (const job of counted.each('/v1/jobs', { params: { query: { key: 'pages', limit: 2 } } })) {
      ids.push(job.id);
      if (ids.length === 3) break;
    }
    expect({ ids: new Set(ids).size, pages }).toEqual({ ids: 3, pages: 2 });
  });

  test('repeats what was refused for a moment, without a second effect', async () => {
    const keys: (string | null)[] = [];
    let calls = 0;
    const shaky = createClient({
      url: app.url,
      key: apiKey,
      async fetch(request) {
        calls += 1;
        keys.push(request.headers.get('idempotency-key'));
        const answer = await fetch(request.clone());
        if (calls === 1) return new Response('{"code":"overloaded"}', { status: 503, headers: { 'retry-after': '0' } });
        if (calls === 2) throw new TypeError('fetch failed');
        return answer;
      },
    });
    const job = await shaky.enqueue('convert-file', { file: 'once' }, { key: 'once', delayMs: 600_000 });
    expect(calls).toBe(3);
    expect(new Set(keys).size).toBe(1);
    const made = await client.get('/v1/jobs', { params: { query: { key: 'once' } } });
    expect(made.items.map(({ id }) => id)).toEqual([job.id]);
  });

  test('throws problems with their code, and tells when nobody answers', async () => {
    const refused = await client.enqueue('convert-file', { file: 1 }).catch((error) => error);
    expect(refused).toBeInstanceOf(ProblemError);
    expect(refused).toMatchObject({ status: 422, code: 'invalid_payload', errors: [{ pointer: '/payload/file' }] });
    const nobody = createClient({ url: 'http://127.0.0.1:1', retries: 0 });
    await expect(nobody.get('/v1/jobs')).rejects.toBeInstanceOf(UnreachableError);
    let calls = 0;
    const busy = async () => {
      calls += 1;
      return new Response('{}', { status: 429, headers: { 'retry-after': '3600' } });
    };
    await expect(createClient({ url: app.url, fetch: busy }).get('/v1/jobs')).rejects.toMatchObject({
      retryAfterS: 3600,
    });
    expect(calls).toBe(1);
  });

  test('follows a job over a connection that breaks, and is told nothing twice', async () => {
    const { id } = await client.enqueue('convert-file', { file: 'a', steps: 30 });
    const resumed: (string | null)[] = [];
    const breaking = createClient({
      url: app.url,
      key: apiKey,
      async fetch(request) {
        resumed.push(request.headers.get('last-event-id'));
        const response = await fetch(request);
        return resumed.length === 1 ? cutAfter(response, 2) : response;
      },
    });
    const events: string[] = [];
    for await (const event of breaking.follow(id)) events.push(JSON.stringify(event));
    expect(JSON.parse(events.at(-1) ?? '')).toMatchObject({ id, state: 'succeeded' });
    expect(new Set(events).size).toBe(events.length);
    expect(resumed).toEqual([null, expect.stringMatching(/^(waiting|queued|running)/)]);
    const late = createClient({ url: app.url, key: apiKey });
    const told = [];
    for await (const event of late.follow(id)) told.push(event.state);
    expect(told).toEqual(['succeeded']);
    const aborted = late.follow((await client.enqueue('convert-file', { file: 'b' }, { delayMs: 600_000 })).id, {
      signal: AbortSignal.timeout(300),
    });
    await expect(
      (async () => {
        for await (const _event of aborted);
      })(),
    ).rejects.toMatchObject({ name: 'TimeoutError' });
    await expect(late.follow('77').next()).rejects.toMatchObject({ status: 404 });
  });
});

/** The answer, whose connection breaks after so many events. */
function cutAfter(response: Response, events: number): Response {
  let seen = 0;
  const body = response.body?.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        controller.enqueue(chunk);
        seen +=
          new TextDecoder().decode(chunk).split('\nevent: job').length - 1 ||
          Number(/^(id|event)/.test(new TextDecoder().decode(chunk)));
        if (seen >= events) controller.error(new TypeError('terminated'));
      },
    }),
  );
  return new Response(body, response);
}
