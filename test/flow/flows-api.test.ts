/** Flows over HTTP: enqueued as a tree, refused with pointers into it, and looked at as a graph. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineJob } from '../../src/contract/index.ts';
import { apiKey, startTestApp, type TestApp } from '../support/app.ts';
import { type CallOptions, caller } from '../support/http.ts';
import { until } from '../support/stack.ts';

const payload = z.object({ width: z.int() });
const resize = defineJob({ type: 'resize', lane: 'bulk', queue: 'image', payload });
const publish = defineJob({ type: 'publish', lane: 'realtime', queue: 'fast', payload: z.object({}) });
const sweep = defineJob({ type: 'sweep', lane: 'bulk', queue: 'image', payload: z.object({}), internal: true });
const done = async () => undefined;

describe('Flows over HTTP', () => {
  let app: TestApp;
  beforeAll(async () => {
    const handlers = () => ({ resize: done, publish: done, sweep: done });
    const overrides = { catalog: { resize, publish, sweep }, handlers };
    app = await startTestApp({ settings: { TWOLANE_PRODUCT: 'none' }, overrides });
  });
  afterAll(() => app?.stop());

  const get = (path: string, options: CallOptions = {}) => caller(app.url)('GET', path, { token: apiKey, ...options });
  const post = (body: unknown, headers: Record<string, string> = {}) =>
    caller(app.url)('POST', '/v1/flows', { token: apiKey, body, headers });
  const pointers = async (flow: unknown) => {
    const { status, json } = await post({ flow });
    return [status, json.errors?.map((error: { pointer: string }) => error.pointer)];
  };
  const image = (width: unknown = 8) => ({ type: 'resize', payload: { width } });
  const last = { type: 'publish', payload: {} };

  it('accepts a tree, answers where it is, and shows its graph with states', async () => {
    const flow = {
      chain: [image(), { chord: [image(), image()], next: { ...last, options: { onChildFailure: 'continue' } } }],
    };
    const { status, json, headers } = await post({ flow, tenant: 'acme' });
    expect(status).toBe(202);
    expect(json.jobs.map((each: { type: string; lane: string }) => [each.type, each.lane])).toEqual([
      ['resize', 'bulk'],
      ['resize', 'bulk'],
      ['resize', 'bulk'],
      ['publish', 'realtime'],
    ]);
    expect(headers.get('location')).toBe(`/v1/flows/${json.id}`);
    await until('the flow is through', async () => (await get(`/v1/flows/${json.id}`)).json.counts.succeeded === 4);
    const [first, second, third] = json.jobs.map((each: { id: string }) => each.id);
    const graph = (await get(`/v1/flows/${second}`)).json;
    expect(graph.id).toBe(json.id);
    expect(graph.jobs.map((each: { waitsFor: string[] }) => each.waitsFor)).toEqual([
      [],
      [first],
      [first],
      [second, third],
    ]);
    expect(graph.jobs[0]).toMatchObject({ tenant: 'acme', state: 'succeeded' });
    expect((await get(`/v1/jobs/${first}`)).json.flowId).toBe(json.id);
  });

  it('refuses what does not fit with pointers into the tree, and writes nothing', async () => {
    const before = await app.twolane.operations.conservation();
    expect(await pointers({ chain: [image(), { chord: [image('wide')], next: last }] })).toEqual([
      422,
      ['/flow/chain/1/chord/0/payload/width'],
    ]);
    expect(await pointers({ ...last, children: [{ type: 'nope', payload: {} }] })).toEqual([
      422,
      ['/flow/children/0/type'],
    ]);
    expect(await pointers({ chain: [{ ...last, chain: [] }] })).toEqual([422, ['/flow/chain/0']]);
    expect(await pointers({ chord: [image()] })).toEqual([422, ['/flow/next']]);
    expect(await pointers({ ...last, options: { idempotencyKey: 'x' } })).toEqual([
      422,
      ['/flow/options/idempotencyKey'],
    ]);
    expect((await post({ flow: { type: 'sweep', payload: {} } })).status).toBe(403);
    const many = await post({ flow: { parallel: Array.from({ length: 1_001 }, () => image()) } });
    expect([many.status, many.json.code]).toEqual([422, 'too_many_jobs']);
    expect((await post({ flow: { chain: [] } })).json.code).toBe('invalid_flow');
    expect((await app.twolane.operations.conservation()).appended).toBe(before.appended);
  });

  it('is not confused by a tree of 10,000 levels', async () => {
    const text = `{"flow":${'{"chain":['.repeat(10_000)}${']}'.repeat(10_000)}}`;
    expect((await caller(app.url)('POST', '/v1/flows', { token: apiKey, body: text })).status).toBe(422);
  });

  it('answers the first flow to a repeated key, and 404 to jobs without a flow', async () => {
    const body = { flow: { chain: [image(), last] }, idempotencyKey: 'once' };
    const [first, second] = [await post(body), await post(body)];
    expect(second.json).toMatchObject({ id: first.json.id, deduplicated: true });
    const headers = { 'idempotency-key': 'of-the-request' };
    const replayed = [await post({ flow: last }, headers), await post({ flow: last }, headers)];
    expect(replayed[1]?.json).toEqual(replayed[0]?.json);
    const plain = await app.twolane.enqueue(publish, {});
    expect((await get(`/v1/flows/${plain.id}`)).status).toBe(404);
    expect((await get(`/v1/flows/${first.json.id}`, { token: 'nobody' })).status).toBe(401);
  });
});
