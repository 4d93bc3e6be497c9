/** The operator's other pages on live data: the main story of each, by mouse and keyboard, with axe, policy and pictures. */
import { gzipSync } from 'node:zlib';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import webPush from 'web-push';
import { z } from 'zod';
import { catalogFor } from '../../jobs/catalog.ts';
import { platformHandlers } from '../../jobs/handlers.ts';
import { defineJob } from '../../src/contract/index.ts';
import { operatorPassword, startTestApp, type TestApp } from '../support/app.ts';
import { startBrowser } from '../support/browser.ts';
import { checkPage, watchComplaints } from '../support/page-check.ts';
import { type PushService, startPushService } from '../support/push-service.ts';
import { standInForPush } from '../support/pushed-browser.ts';
import { until } from '../support/stack.ts';

const brittle = defineJob({
  type: 'brittle',
  lane: 'realtime',
  queue: 'brittle',
  payload: z.object({ n: z.number() }),
  maxAttempts: 1,
});
const slow = defineJob({ type: 'slow', lane: 'bulk', queue: 'slow', payload: z.object({ n: z.number() }) });
let broken = true;
let finish = () => {};
const finished = new Promise<void>((resolve) => {
  finish = resolve;
});

const vapid = webPush.generateVAPIDKeys();

let app: TestApp;
let pushService: PushService;
let browser: Browser;
let page: Page;
let complaints: string[] = [];

beforeAll(async () => {
  pushService = await startPushService(vapid.publicKey);
  app = await startTestApp({
    settings: {
      TWOLANE_OUTGOING_ALLOW: '127.0.0.1',
      TWOLANE_VAPID_PUBLIC_KEY: vapid.publicKey,
      TWOLANE_VAPID_PRIVATE_KEY: vapid.privateKey,
      TWOLANE_VAPID_SUBJECT: 'mailto:ops@jobs.example',
    },
    overrides: {
      catalog: { ...catalogFor('none'), brittle, slow },
      handlers: (services) => ({
        ...platformHandlers(services),
        brittle: async () => {
          if (broken) throw new Error('The glass is broken');
        },
        slow: () => finished,
      }),
      product: undefined,
    },
  });
  browser = await startBrowser();
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  page = await context.newPage();
  page.setDefaultTimeout(15_000);
  complaints = watchComplaints(page, app.url);
  await app.twolane.enqueueMany(Array.from({ length: 12 }, (_, n) => ({ job: brittle, payload: { n } })));
  await app.twolane.enqueue(slow, { n: 1 });
  await until('twelve jobs are dead', async () => (await dead()) === 12);
  await page.goto(`${app.url}/ops/`);
  await page.getByLabel('Password').waitFor();
  await checkPage(page, 'login');
  await page.getByLabel('Password').fill(operatorPassword);
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByRole('region', { name: 'Real-time' }).waitFor();
});

afterAll(async () => {
  finish();
  await browser?.close();
  await app?.stop();
  await pushService?.close();
});

const dead = async () => (await app.twolane.operations.list({ state: 'dead' }, { limit: 100 })).items.length;
const open = (name: string) => page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name }).click();

describe('an operator', { timeout: 90_000 }, () => {
  test('sees that both lanes are well, or what is not', async () => {
    await page.getByRole('heading', { name: '12 dead jobs want a decision' }).waitFor();
    await checkPage(page, 'overview');
  });

  test('ticks jobs by the keyboard and changes those together', async () => {
    await page.keyboard.press('g');
    await page.keyboard.press('j');
    await page.getByRole('combobox', { name: 'state' }).selectOption('dead');
    await expect.poll(() => page.locator('tbody tr').count()).toBe(12);
    for (const key of ['j', 'x', 'j', 'x']) await page.keyboard.press(key);
    await checkPage(page, 'jobs');
    await page.getByRole('link', { name: 'Change 2 chosen jobs' }).click();
    await page.getByRole('radio', { name: 'Discard' }).check();
    await page.getByRole('button', { name: 'Discard 2 jobs' }).click();
    await page.getByRole('row', { name: /discard.*2 chosen.*done/ }).waitFor();
    expect(await dead()).toBe(10);
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.locator('.state', { hasText: /^undone$/ }).waitFor();
    expect(await dead()).toBe(12);
  });

  test('changes all that fit a filter after typing how many those are', async () => {
    await page.goto(`${app.url}/ops/jobs?state=dead&type=brittle`);
    await page.getByRole('link', { name: 'Change all that fit' }).click();
    await page.getByText('12 jobs').first().waitFor();
    const start = page.getByRole('button', { name: 'Redrive 12 jobs' });
    expect(await start.isDisabled()).toBe(true);
    await page.getByLabel('Type 12 to go on').fill('11');
    expect(await start.isDisabled()).toBe(true);
    await checkPage(page, 'new-operation');
    await page.getByLabel('Type 12 to go on').fill('12');
    broken = false;
    await start.click();
    await page.getByRole('row', { name: /redrive.*type:brittle.*done.*12 of 12/ }).waitFor();
    await checkPage(page, 'operations');
  });

  test('finds a job by words that complete themselves, and sees what was done to it', async () => {
    await page.keyboard.press('/');
    await page.keyboard.type('sta');
    await page.getByRole('option', { name: /^state:/ }).click();
    await page.keyboard.type('succ');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.keyboard.type('name:brit');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await expect.poll(() => new URL(page.url()).search).toBe('?state=succeeded&type=brittle');
    const { id } = await app.twolane.enqueue(slow, { n: 2 }, { delayMs: 60_000 });
    const flow = await app.twolane.enqueueFlow({
      job: slow,
      payload: { n: 3 },
      children: [{ job: brittle, payload: { n: 4 } }],
    });
    await page.goto(`${app.url}/ops/jobs/${id}`);
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel the job' }).click();
    await page.getByRole('region', { name: 'What was done to it' }).getByText('cancel by admin').waitFor();
    await page.goto(`${app.url}/ops/jobs/${flow.id}`);
    const graph = page.getByRole('region', { name: 'Jobs of the flow' });
    await graph.getByRole('link', { name: /brittle/ }).waitFor();
    await checkPage(page, 'job');
  });

  test('looks at dead letters and schedules', async () => {
    await open('Dead letters');
    await page.getByText('No dead jobs').waitFor();
    await checkPage(page, 'dead');
    await open('Schedules');
    await page.getByText('No schedules').waitFor();
    await checkPage(page, 'schedules');
  });

  test('reads how queues fared, as lines and as numbers', async () => {
    await open('Metrics');
    const chart = page.getByRole('region', { name: 'Throughput' });
    await until('a minute is measured', async () => {
      await page.reload();
      await chart
        .locator('canvas')
        .waitFor({ timeout: 3_000 })
        .catch(() => undefined);
      return (await chart.count()) > 0;
    });
    await page.getByRole('combobox', { name: 'queue' }).selectOption('brittle');
    await chart.getByText('As a table').click();
    await chart.getByRole('columnheader', { name: 'done' }).waitFor();
    expect(new URL(page.url()).search).toBe('?queue=brittle');
    await page.getByRole('combobox', { name: 'type' }).selectOption('brittle');
    await chart.locator('header').getByText('started').waitFor();
    expect(new URL(page.url()).search).toBe('?queue=brittle&type=brittle');
    await chart.locator('.u-over').hover({ position: { x: 60, y: 60 } });
    await checkPage(page, 'metrics');
  });

  test('is told what is wrong, says to be at it, reads what to do, and silences it', async () => {
    await app.twolane.database.query(
      `insert into twolane.alerts (kind, target, message, since, fired_at, seen_at)
       values ('oldest_age', 'bulk/slow', 'The oldest job of bulk/slow waits for 90 s', now() - interval '2 minutes', now(), now() + interval '1 hour')`,
    );
    await open('Alerts');
    const alert = page.getByRole('row', { name: /bulk\/slow/ }).first();
    await alert.getByRole('button', { name: /^Acknowledge/ }).click();
    await alert.getByText('admin is at it').waitFor();
    await alert.getByRole('button', { name: /^Silence/ }).click();
    await page.getByLabel('Why').fill('The slow disk is replaced');
    await page.getByRole('dialog').getByRole('button', { name: 'Silence' }).click();
    await page.getByRole('region', { name: 'Silences' }).getByText('The slow disk is replaced').waitFor();
    await page.getByRole('button', { name: 'Edit the rule: The oldest job waits too long' }).click();
    await page.getByLabel(/^From so many/).fill('5');
    await page.getByRole('button', { name: 'Write the rule' }).click();
    await page.getByText(/from 5 times the latency budget.*written by admin/).waitFor();
    await page.getByLabel(/^URL of a webhook/).fill('https://hooks.example/alerts');
    await page.getByRole('button', { name: 'Add' }).click();
    await page.getByText(/whsec_/).waitFor();
    await checkPage(page, 'alerts');
    await alert.getByRole('link', { name: 'What to do' }).click();
    await page.getByRole('heading', { name: 'Old jobs' }).waitFor();
    await checkPage(page, 'runbook');
  });

  test('is told by the browser, until he wants no more of it', async () => {
    const own = pushService.subscribe();
    const reach = await standInForPush(page, own);
    await open('Alerts');
    const card = page.getByRole('region', { name: 'Who is told' });
    await card.getByRole('button', { name: 'Tell me in this browser' }).click();
    await card.getByRole('row', { name: /of admin/ }).waitFor();
    await until('the browser was told', () => own.pushed.length === 1);
    expect(await reach(own.pushed[0]?.json)).toEqual([{ title: 'Twolane', body: 'Alerts of Twolane are told here' }]);
    await card.getByText('last told').waitFor();
    await checkPage(page, 'alerts-in-browser');
    await card.getByRole('button', { name: 'Stop telling this browser' }).click();
    await card.getByRole('row', { name: /of admin/ }).waitFor({ state: 'detached' });
  });

  test('sees which files failed for what they are', async () => {
    broken = true;
    const { id } = await app.twolane.enqueue(brittle, { n: 99 });
    await until('a job is dead', async () => (await dead()) === 1);
    broken = false;
    await app.twolane.database.query(
      `insert into twolane.media_poison (sha256, kind, pipeline, code, media_id, job_id)
       select repeat('ab', 32), 'image', 0, code, 1, $1 from twolane.media_codes where poison order by code limit 1`,
      [id],
    );
    await open('Media');
    const file = page.getByRole('row', { name: /outdated/ });
    await file.getByRole('button', { name: 'Run again' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Run again' }).click();
    await page.getByText('They are on their way again').waitFor();
    await checkPage(page, 'media');
  });

  test('reads who did what', async () => {
    await open('Audit');
    await page.getByLabel('action').fill('alert.silence');
    await page.getByRole('button', { name: 'Filter' }).click();
    await page.getByRole('row', { name: /admin alert.silence/ }).waitFor();
    await expect.poll(() => page.locator('tbody tr').count()).toBe(1);
    await page.goto(`${app.url}/ops/audit`);
    await page
      .getByRole('row', { name: /operation.discard/ })
      .first()
      .waitFor();
    await checkPage(page, 'audit');
  });

  test('makes a key, which is shown once, rotates it and takes it away', async () => {
    await open('Keys');
    await page.getByRole('button', { name: 'New key' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('shop');
    await dialog.getByLabel('jobs:write').check();
    await dialog.getByLabel('Calls a minute').fill('600');
    await checkPage(page, 'new-key');
    await dialog.getByRole('button', { name: 'Make the key' }).click();
    const key = (await dialog.locator('.secret').textContent()) ?? '';
    await dialog.getByRole('button', { name: 'I have it' }).click();
    const row = page.getByRole('row', { name: /^shop.*jobs:write all 600/ });
    await row.waitFor();
    expect(await page.content()).not.toContain(key);
    const status = async (token: string) => {
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
      const body = JSON.stringify({ type: 'slow', payload: { n: 1 } });
      return (await fetch(`${app.url}/v1/jobs`, { method: 'POST', headers, body })).status;
    };
    expect(await status(key)).toBe(202);
    await row.getByRole('button', { name: 'Rotate' }).click();
    await dialog.getByRole('button', { name: 'Make a new value' }).click();
    const next = (await dialog.locator('.secret').textContent()) ?? '';
    await dialog.getByRole('button', { name: 'I have it' }).click();
    await row.getByText('the former value ends').waitFor();
    expect([await status(key), await status(next)]).toEqual([202, 202]);
    await checkPage(page, 'keys');
    await row.getByRole('button', { name: 'Remove' }).click();
    await dialog.getByRole('button', { name: 'Remove' }).click();
    await row.waitFor({ state: 'detached' });
  });

  test('lets somebody in as a viewer, who sees no buttons and changes her own password', async () => {
    await open('Operators');
    const form = page.getByRole('form', { name: 'New operator' });
    await form.getByLabel('Name').fill('mia');
    await form.getByLabel('Role').selectOption('viewer');
    await form.getByLabel('Password').fill('mias-password');
    await form.getByRole('button', { name: 'Add' }).click();
    await page.getByRole('combobox', { name: 'Role of mia' }).waitFor();
    await checkPage(page, 'operators');
    const bottoms = await form
      .locator('input, select')
      .evaluateAll((all) =>
        all.map((each) =>
          Math.round(
            (each as unknown as { getBoundingClientRect(): { bottom: number } }).getBoundingClientRect().bottom,
          ),
        ),
      );
    expect(new Set(bottoms).size).toBe(1);
    const other = await (await browser.newContext()).newPage();
    await other.goto(`${app.url}/ops/workers`);
    await other.getByLabel('Name').fill('mia');
    await other.getByLabel('Password').fill('mias-password');
    await other.getByRole('button', { name: 'Log in' }).click();
    await other.getByText('mia · viewer').waitFor();
    await other.getByRole('row', { name: /slow/ }).waitFor();
    expect(await other.getByRole('button', { name: /^Drain/ }).count()).toBe(0);
    expect(await other.getByRole('link', { name: 'Keys' }).count()).toBe(0);
    await other.getByRole('button', { name: 'mia · viewer' }).click();
    const dialog = other.getByRole('dialog', { name: 'Your password' });
    const change = async (old: string) => {
      await dialog.getByLabel('The old one').fill(old);
      await dialog.getByLabel('The new one').fill('mias-new-password');
      await dialog.getByRole('button', { name: 'Change it' }).click();
    };
    await change('a guess');
    await dialog.getByText('The old password is another one').first().waitFor();
    await change('mias-password');
    await other.getByText('Changed: your other sessions have ended').waitFor();
    await other.context().close();
  });

  test('drains a worker, which is seen until it is gone', async () => {
    await open('Workers');
    const row = page.getByRole('row', { name: /worker/ });
    await row.getByRole('link', { name: 'slow' }).first().waitFor();
    await checkPage(page, 'workers');
    await row.getByRole('button', { name: /^Drain/ }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Drain' }).click();
    await row.getByText('draining').waitFor();
    finish();
    await page.getByText('No worker is alive').waitFor();
  });

  test('waits for less than 60 KB, compressed, before the first page', async () => {
    const answer = await page.request.get(`${app.url}/ops/`);
    const html = await answer.text();
    const assets = [...html.matchAll(/(?:src|href)="\.\/(assets\/[^"]+)"/g)].map(([, path]) => path);
    expect(assets.length).toBeGreaterThan(1);
    const bodies = await Promise.all(
      assets.map(async (path) => (await page.request.get(`${app.url}/ops/${path}`)).body()),
    );
    const bytes = [Buffer.from(html), ...bodies].reduce((sum, body) => sum + gzipSync(body).length, 0);
    expect(bytes).toBeGreaterThan(10_000);
    expect(bytes).toBeLessThan(60 * 1_024);
  });

  test('met no error, no refused script and no other host on the way', () => {
    expect(complaints).toEqual([]);
  });
});
