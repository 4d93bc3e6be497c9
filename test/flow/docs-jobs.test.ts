/** Every call that the page on jobs shows, made against an installation that has the jobs it speaks of. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { platformJobs } from '../../jobs/catalog.ts';
import { platformHandlers } from '../../jobs/handlers.ts';
import { defineJob, job } from '../../src/contract/index.ts';
import { apiKey, startTestApp, type TestApp } from '../support/app.ts';
import { shell } from '../support/shell.ts';
import { snippetsOf } from '../support/snippets.ts';
import { until } from '../support/stack.ts';

const banner = z.object({ bannerId: z.string(), width: z.number().optional() });
const jobs = {
  ...platformJobs,
  'resize-banner': defineJob({ type: 'resize-banner', lane: 'bulk', queue: 'image', payload: banner }),
  'publish-banner': defineJob({ type: 'publish-banner', lane: 'bulk', queue: 'image', payload: banner }),
  ping: defineJob({ type: 'ping', lane: 'realtime', queue: 'fast', payload: z.object({}) }),
  'broken-banner': defineJob({
    type: 'broken-banner',
    lane: 'bulk',
    queue: 'image',
    payload: banner,
    maxAttempts: 1,
  }),
};

const snippets = snippetsOf('docs/jobs.md').filter(({ language }) => language === 'sh');
let app: TestApp;
let dead = '';
let flow = '';

beforeAll(async () => {
  const none = async () => undefined;
  app = await startTestApp({
    overrides: {
      catalog: jobs,
      product: undefined,
      handlers: (services) => ({
        ...platformHandlers(services),
        'resize-banner': none,
        'publish-banner': none,
        ping: none,
        'broken-banner': () => Promise.reject(new Error('no such banner')),
      }),
    },
  });
  dead = (await app.twolane.enqueue(jobs['broken-banner'], { bannerId: '7' })).id;
  await until('a job is dead', async () => (await app.twolane.operations.get(dead))?.state === 'dead');
  flow = (await app.twolane.enqueueFlow(job(jobs.ping, {}))).id;
});
afterAll(() => app?.stop());

describe('The calls of docs/jobs.md', () => {
  it.each(snippets)('$place', async ({ code }) => {
    const ID = code.includes('/retry') ? dead : flow;
    const printed = await shell(code, { environment: { URL: app.url, KEY: apiKey, ID } });
    expect(printed).toContain('{');
  });
});
