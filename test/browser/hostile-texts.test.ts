/**
 * What strangers write (payloads, errors, log lines, keys, tenants, names of hosts, filters in URLs) stays text on every page of the
 * operators and on bull-board: nothing runs, no element comes of it, the policy of the pages has nothing to stop.
 */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { catalogFor } from '../../jobs/catalog.ts';
import { platformHandlers } from '../../jobs/handlers.ts';
import { defineJob } from '../../src/contract/index.ts';
import { apiKey, operatorPassword, startTestApp, type TestApp } from '../support/app.ts';
import { startBrowser } from '../support/browser.ts';
import { caller } from '../support/http.ts';
import { watchComplaints } from '../support/page-check.ts';
import { until } from '../support/stack.ts';

/** Each would set `window.ran`, or leave an element behind that is marked. */
const corpus = [
  '<script data-hostile>ran=1</script>',
  '<img data-hostile src=x onerror=ran=1>',
  '"><svg data-hostile onload=ran=1>',
  "'-ran=1-'",
  '</title></style></textarea></script><script data-hostile>ran=1</script>',
  '<iframe data-hostile srcdoc="<script>parent.ran=1</script>">',
  'javascript:ran=1',
  '{{constructor.constructor("ran=1")()}}',
  '<a data-hostile href="javascript:ran=1">here</a>',
  '[here](javascript:ran=1)',
  '&lt;img data-hostile src=x onerror=ran=1&gt;',
  '<math><mi data-hostile xlink:href="javascript:ran=1">',
];
const all = corpus.join('\n');

const hostile = defineJob({
  type: 'hostile',
  lane: 'realtime',
  queue: 'hostile',
  payload: z.record(z.string(), z.unknown()),
  maxAttempts: 1,
});

let app: TestApp;
let browser: Browser;
let page: Page;
let complaints: string[];
let dialogs = 0;
let jobId: string;

beforeAll(async () => {
  app = await startTestApp({
    overrides: {
      catalog: { ...catalogFor('none'), hostile },
      handlers: (services) => ({
        ...platformHandlers(services),
        hostile: async (_payload: unknown, ctx: { log(line: string, fields?: object): void }) => {
          ctx.log(all, { all });
          throw Object.assign(new Error(all), {
            name: corpus[1],
            stack: `${corpus[1]}: ${all}\n    at ${corpus[2]} (a.ts:1:1)`,
          });
        },
      }),
      product: undefined,
    },
  });
  const payload = Object.fromEntries(corpus.map((text) => [text, text]));
  const { id } = await app.twolane.enqueue(hostile, payload, { key: corpus[1] as string, tenant: corpus[2] as string });
  jobId = id;
  await until('it is dead', async () => (await app.twolane.operations.get(id))?.state === 'dead');
  const call = caller(app.url);
  const schedule = { type: 'hostile', payload, everyMs: 3_600_000, key: corpus[1] };
  expect((await call('PUT', '/v1/schedules/hostile', { token: apiKey, body: schedule })).status).toBeLessThan(500);
  await app.twolane.operations.setWeight({ tenant: corpus[0] as string, weight: 2 });
  await app.twolane.database.query('update twolane.sessions set host = $1', [corpus[1]]);
  browser = await startBrowser();
  page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  page.setDefaultTimeout(15_000);
  complaints = watchComplaints(page, app.url);
  page.on('dialog', (dialog) => {
    dialogs += 1;
    return dialog.dismiss();
  });
  await page.goto(`${app.url}/ops/`);
  await page.getByLabel('Password').fill(operatorPassword);
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByRole('region', { name: 'Real-time' }).waitFor();
});

afterAll(async () => {
  await browser?.close();
  await app?.stop();
});

/** A text of the corpus can be read on this page, as it was written. */
const shows = (text: string) => page.getByText(text, { exact: false }).first().waitFor();

describe('Hostile texts', { tags: ['security', 'long'], timeout: 120_000 }, () => {
  test('are shown as they are, and do nothing', async () => {
    const query = encodeURIComponent(all);
    const pages: Record<string, string | undefined> = {
      '': undefined,
      jobs: undefined,
      [`jobs/${jobId}`]: corpus[1],
      [`jobs?q=${query}`]: undefined,
      [`jobs?error=${query}`]: undefined,
      dead: corpus[1],
      [`dead?type=${query}`]: undefined,
      operations: undefined,
      [`operations/new?error=${query}`]: undefined,
      schedules: undefined,
      workers: corpus[1],
      metrics: undefined,
      alerts: undefined,
      audit: undefined,
      [`audit?actor=${query}`]: undefined,
      media: undefined,
      runbook: undefined,
      [`jobs/${query}`]: undefined,
    };
    for (const [path, text] of Object.entries(pages)) {
      await page.goto(`${app.url}/ops/${path}`);
      await page.locator('main').waitFor();
      if (text) await shows(text);
      await harmless(path);
    }
    await page.goto(`${app.url}/ops/jobs/${jobId}`);
    for (const text of corpus) await shows(text);
  });

  test('are harmless on bull-board too', async () => {
    await page.goto(`${app.url}/ops/queues/`);
    await page.getByText('hostile').first().waitFor();
    await harmless('queues');
    const link = page.getByRole('link', { name: /hostile/ }).first();
    await page.goto(new URL(`${(await link.getAttribute('href')) ?? ''}?status=failed`, page.url()).href);
    await shows(corpus[1] as string);
    await harmless('a queue');
  });

  test('would run where nothing is done about them', async () => {
    await page.goto('about:blank');
    await page.setContent(all);
    expect(await page.locator('[data-hostile]').count()).toBeGreaterThan(4);
    expect(await page.evaluate('window.ran')).toBe(1);
  });
});

async function harmless(where: string): Promise<void> {
  const ran = await page.evaluate('window.ran');
  expect([where, ran, await page.locator('[data-hostile]').count(), dialogs]).toEqual([where, undefined, 0, 0]);
  // Filters and ids that are none are refused, which the browser tells as well.
  const told = complaints.filter((line) => !/status of 4\d\d/.test(line));
  expect([where, told]).toEqual([where, []]);
}
