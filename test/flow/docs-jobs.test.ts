/** Every call and every block of TypeScript that the page on jobs shows, run against an installation that has the jobs it speaks of. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { platformJobs } from '../../jobs/catalog.ts';
import { platformHandlers } from '../../jobs/handlers.ts';
import { defineJob, job } from '../../src/contract/index.ts';
import * as library from '../../src/index.ts';
import { apiKey, startTestApp, type TestApp } from '../support/app.ts';
import { runTypescript } from '../support/run-typescript.ts';
import { shell } from '../support/shell.ts';
import { snippetsOf } from '../support/snippets.ts';
import { until } from '../support/stack.ts';

const banner = z.object({ bannerId: z.string(), width: z.number().optional() });
const text = z.string().optional();
/** What the blocks enqueue and never define. */
const asked = Object.fromEntries(
  [
    'charge-order',
    'index-draft',
    'send-digest',
    'render-preview',
    'probe-video',
    'render-rung',
    'publish-video',
    'notify',
  ].map((type) => {
    const payload = z.object({ id: text, userId: text, kind: text, documentId: text, videoId: text }).loose();
    return [type, defineJob({ type, lane: 'realtime', queue: 'fast', payload })];
  }),
);
const jobs = {
  ...platformJobs,
  ...asked,
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

const inLanguage = (language: string) => snippetsOf('docs/jobs.md').filter((snippet) => snippet.language === language);
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
        ...Object.fromEntries(Object.keys(asked).map((type) => [type, none])),
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
  it.each(inLanguage('sh'))('$place', async ({ code }) => {
    const ID = code.includes('/retry') ? dead : flow;
    const printed = await shell(code, { environment: { URL: app.url, KEY: apiKey, ID } });
    expect(printed).toContain('{');
  });
});

describe('The TypeScript of docs/jobs.md', () => {
  const definitions = () => {
    const camel = (type: string) => type.replaceAll(/-(\w)/g, (_all, letter: string) => letter.toUpperCase());
    return Object.fromEntries(Object.entries(jobs).map(([type, definition]) => [camel(type), definition]));
  };
  const given = () => ({
    ...library,
    ...definitions(),
    ...{
      z,
      twolane: app.twolane,
      client: app.twolane.database,
      banners: [{ id: '7' }, { id: '8' }],
      widths: [240, 720],
    },
    ...{
      userId: '42',
      documentId: '7',
      revision: 3,
      order: { id: '7' },
      draft: { id: '7' },
      messagePayload: z.object({}),
    },
    ...{ CardDeclinedError: class extends Error {}, isOutage: () => true, report: () => undefined },
  });
  const ran: Record<string, unknown> = {};

  beforeAll(() => app.twolane.database.query('create table banners (id text)'));

  it.each(inLanguage('ts'))('$place', async (snippet) => {
    Object.assign(ran, await runTypescript(snippet, given()));
  });

  it('makes what it says', async () => {
    const { operations, database } = app.twolane;
    const typesOf = async (type: string) => (await operations.list({ type }, {})).items;
    expect((await database.query('select id from banners')).rows).toEqual([{ id: '7' }]);
    // One with a priority, two for banners, one with its row, one in a foreign transaction, and those of the calls above.
    const high = (await typesOf('resize-banner')).filter(({ priority }) => priority === 'high');
    expect(high.length).toBeGreaterThan(0);
    const flowOf = async (type: string) => operations.flow((await typesOf(type))[0]?.id ?? '');
    expect((await flowOf('notify'))?.jobs.map(({ type }) => type)).toEqual([
      'probe-video',
      'render-rung',
      'render-rung',
      'publish-video',
      'notify',
    ]);
    for (const type of ['charge-order', 'index-draft', 'send-digest', 'render-preview'])
      expect([type, (await typesOf(type)).length]).toEqual([type, 1]);
    const made = Object.values(ran).filter((value) => (value as { type?: string })?.type);
    expect(made.map((definition) => (definition as { type: string }).type)).toEqual(
      expect.arrayContaining([
        'resize-banner',
        'sync-contact',
        'charge-card',
        'run-script',
        'deliver-message',
        'warm-cache',
      ]),
    );
    expect(Object.keys(ran)).toEqual(
      expect.arrayContaining(['importArchiveHandler', 'resizeBannerHandler', 'indexPostsHandler', 'schedules']),
    );
  });
});
