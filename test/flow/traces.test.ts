/** One trace from the request over both lanes to the job that a job enqueued, as a collector of OpenTelemetry receives it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineJob, type JobContext, NonRetryableError } from '../../src/contract/index.ts';
import { createLogger } from '../../src/telemetry/logger.ts';
import { apiKey, startTestApp, type TestApp } from '../support/app.ts';
import { caller } from '../support/http.ts';
import { type Receiver, startReceiver } from '../support/receiver.ts';
import { until } from '../support/stack.ts';

interface OtlpSpan {
  name: string;
  kind: number;
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  status: { code?: number };
  attributes: { key: string; value: { stringValue?: string; intValue?: number } }[];
}

const encode = defineJob({ type: 'encode', lane: 'bulk', queue: 'video', payload: z.object({}) });
const tell = defineJob({ type: 'tell', lane: 'realtime', queue: 'notices', payload: z.object({}) });
const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const environment = ['OTEL_EXPORTER_OTLP_ENDPOINT', 'OTEL_BSP_SCHEDULE_DELAY', 'OTEL_SERVICE_NAME'] as const;

let collector: Receiver;
let app: TestApp;
let seen: string | undefined;
const log: { jobId?: string }[] = [];

beforeAll(async () => {
  collector = await startReceiver();
  const values = [collector.url, '100', 'photos'];
  // The SDK of OpenTelemetry reads them itself.
  for (const [at, name] of environment.entries()) process.env[name] = values[at];
  const handlers = {
    encode: async (_: unknown, context: JobContext) => {
      seen = context.traceparent;
      await context.enqueue(tell, {});
    },
    tell: async () => {
      throw new NonRetryableError('the phone is off');
    },
  };
  const settings = { TWOLANE_PRODUCT: 'none', TWOLANE_TRACES: 'export' };
  const logger = createLogger({ level: 'error', destination: { write: (line) => log.push(JSON.parse(line)) } });
  app = await startTestApp({ settings, overrides: { catalog: { encode, tell }, handlers: () => handlers, logger } });
});

afterAll(async () => {
  await app?.stop();
  for (const name of environment) delete process.env[name];
  await collector?.close();
});

const resources = () => collector.at('/v1/traces').flatMap(({ json }) => json.resourceSpans);
const spans = (): OtlpSpan[] =>
  resources().flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope: { spans: OtlpSpan[] }) => scope.spans));
const ofTrace = () => spans().filter((span) => span.traceId === traceId);
const named = (name: string): OtlpSpan => {
  const found = ofTrace().filter((span) => span.name === name);
  expect([name, found.length]).toEqual([name, 1]);
  return found[0] as OtlpSpan;
};
const attributesOf = ({ attributes }: OtlpSpan) =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, value.stringValue ?? value.intValue]));

describe('a trace', () => {
  it('goes from the request through both lanes to the job of a job', async () => {
    const headers = { traceparent: `00-${traceId}-00f067aa0ba902b7-01` };
    const body = { type: 'encode', payload: {} };
    const { json: job } = await caller(app.url)('POST', '/v1/jobs', { token: apiKey, body, headers });
    await until('the last span has come', () => ofTrace().some(({ name }) => name === 'process tell'));
    await until('the request has come', () => ofTrace().some(({ name }) => name === 'POST /v1/jobs'));

    const request = named('POST /v1/jobs');
    const chain = [request, named('send encode'), named('process encode'), named('send tell'), named('process tell')];
    expect(request.parentSpanId).toBe('00f067aa0ba902b7');
    expect(chain.slice(1).map((span) => span.parentSpanId)).toEqual(chain.slice(0, -1).map((span) => span.spanId));
    expect(named('wait encode').parentSpanId).toBe(named('send encode').spanId);
    expect(attributesOf(named('process encode'))).toMatchObject({
      'messaging.system': 'bullmq',
      'messaging.destination.name': 'bulk/video',
      'messaging.message.id': job.id,
      'messaging.operation.type': 'process',
      'twolane.outcome': 'succeeded',
    });
    expect(attributesOf(named('process tell'))).toMatchObject({
      'messaging.system': 'rabbitmq',
      'twolane.outcome': 'dead',
    });
    expect([named('process encode').status.code ?? 0, named('process tell').status.code]).toEqual([0, 2]);
    expect(attributesOf(request)).toMatchObject({ 'http.route': '/v1/jobs', 'http.response.status_code': 202 });
  });

  it('is what the handler, the log and the job page name', async () => {
    expect(seen).toBe(`00-${traceId}-${named('process encode').spanId}-01`);
    const { json } = await caller(app.url)('GET', '/v1/jobs?type=tell', { token: apiKey });
    const { json: job } = await caller(app.url)('GET', `/v1/jobs/${json.items[0].id}`, { token: apiKey });
    expect(job.traceId).toBe(traceId);
    expect(log.find(({ jobId }) => jobId === job.id)).toMatchObject({ type: 'tell', lane: 'realtime', traceId });
  });

  it('carries the name of the service and no payload', () => {
    expect(JSON.stringify(resources()[0].resource)).toContain('photos');
    expect(JSON.stringify(resources())).not.toContain('the phone is off');
  });
});
