/** An operator in a real browser: logs in, sees both lanes, finds a dead job, mends it, sees it succeed. */
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { catalogFor } from '../../jobs/catalog.ts';
import { platformHandlers } from '../../jobs/handlers.ts';
import { defineJob, defineSchedule } from '../../src/contract/index.ts';
import { operatorPassword, startTestApp, type TestApp } from '../support/app.ts';
import { startBrowser } from '../support/browser.ts';
import { checkPage, watchComplaints } from '../support/page-check.ts';
import { until } from '../support/stack.ts';

/** Fails unless its payload says otherwise, so that a corrected payload mends it. */
const picky = (lane: 'realtime' | 'bulk') =>
  defineJob({
    type: `picky-${lane}`,
    lane,
    queue: 'picky',
    payload: z.object({
      mood: z.enum(['bad', 'good']),
      size: z.int().min(1).optional(),
      tags: z.array(z.string()).optional(),
    }),
    result: z.object({ mood: z.string() }),
    maxAttempts: 1,
  });
const jobs = { realtime: picky('realtime'), bulk: picky('bulk') };
let mended = false;
const handler = async ({ mood }: { mood: string }, ctx: { log(line: string): void }) => {
  ctx.log(`The mood is ${mood}`);
  if (mood === 'bad' && !mended) throw new Error('The mood is bad');
  return { mood };
};

let app: TestApp;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let complaints: string[] = [];

beforeAll(async () => {
  app = await startTestApp({
    overrides: {
      catalog: { ...catalogFor('none'), 'picky-realtime': jobs.realtime, 'picky-bulk': jobs.bulk },
      handlers: (services) => ({ ...platformHandlers(services), 'picky-realtime': handler, 'picky-bulk': handler }),
      product: undefined,
    },
  });
  browser = await startBrowser();
  context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  page = await context.newPage();
  page.setDefaultTimeout(15_000);
  complaints = watchComplaints(page, app.url);
});

afterAll(async () => {
  await browser?.close();
  await app?.stop();
});

/** A job that has died on its lane. */
async function deadJob(lane: 'realtime' | 'bulk'): Promise<string> {
  const { id } = await app.twolane.enqueue(jobs[lane], { mood: 'bad' });
  await until(`job ${id} is dead`, async () => (await app.twolane.operations.get(id))?.state === 'dead');
  return id;
}

describe('an operator', () => {
  test('logs in and lands where the link led', async () => {
    await page.goto(`${app.url}/ops/jobs?state=dead`);
    await page.getByLabel('Password').fill(operatorPassword);
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.getByRole('heading', { name: 'Jobs' }).waitFor();
    expect(new URL(page.url()).pathname + new URL(page.url()).search).toBe('/ops/jobs?state=dead');
    await page.getByText('No job fits this filter').waitFor();
  });

  test('sees both lanes side by side, live', async () => {
    await page.getByRole('link', { name: 'Overview', exact: true }).click();
    const realtime = page.getByRole('region', { name: 'Real-time' });
    const bulk = page.getByRole('region', { name: 'Bulk' });
    await realtime.getByText(/RabbitMQ \d/).waitFor();
    await bulk.getByText(/Redis \d/).waitFor();
    await realtime.getByRole('link', { name: 'picky', exact: true }).waitFor();
    await bulk.getByRole('link', { name: 'image', exact: true }).waitFor();
    await page.getByText(/live, \d+ s ago/).waitFor();
    await page.getByRole('heading', { name: /^All is well/ }).waitFor();
  });

  test.each(['realtime', 'bulk'] as const)(
    'retries a dead job of the %s lane after its cause is mended',
    async (lane) => {
      mended = false;
      const id = await deadJob(lane);
      await page.goto(`${app.url}/ops/`);
      await page.getByRole('link', { name: 'Dead letters' }).click();
      await page.getByRole('link', { name: id }).click();
      await page.getByRole('heading', { name: `picky-${lane}` }).waitFor();
      await page.getByText('Error: The mood is bad').first().waitFor();
      mended = true;
      await page.getByRole('button', { name: 'Retry', exact: true }).click();
      await page.locator('.job-head .state.succeeded').waitFor();
      expect((await app.twolane.operations.get(id))?.state).toBe('succeeded');
    },
  );

  test('edits a payload in a form made from its schema, is told at the field what is wrong, and retries', async () => {
    mended = false;
    const id = await deadJob('bulk');
    await page.goto(`${app.url}/ops/dead`);
    await page.getByRole('button', { name: 'Edit one of The mood is bad' }).waitFor();
    await checkPage(page, 'dead-letters');
    await page.getByRole('button', { name: 'Edit one of The mood is bad' }).click();
    const dialog = page.getByRole('dialog', { name: `Edit and retry picky-bulk ${id}` });
    await dialog.getByLabel('size').fill('0');
    await dialog.getByRole('button', { name: 'Add tags' }).click();
    await dialog.getByRole('button', { name: 'Add to tags' }).click();
    await dialog.getByLabel('1', { exact: true }).fill('sea');
    await checkPage(page, 'edit-payload');
    await dialog.getByRole('button', { name: 'Retry with this payload' }).click();
    await expect.poll(() => dialog.locator('[aria-invalid="true"]').count()).toBe(1);
    await dialog.locator('.field', { hasText: 'size' }).getByText('expected number to be >=1').waitFor();
    await dialog.getByLabel('size').fill('3');
    await dialog.getByRole('button', { name: 'As JSON' }).click();
    const text = dialog.getByLabel('Payload as JSON');
    await text.fill((await text.inputValue()).replace('"bad"', '"sunny"'));
    await dialog.getByRole('button', { name: 'Retry with this payload' }).click();
    await dialog.getByText('/payload/mood').waitFor();
    await dialog.getByRole('button', { name: 'As a form' }).click();
    await dialog.getByLabel('mood').selectOption('good');
    await dialog.getByRole('button', { name: 'Retry with this payload' }).click();
    await page.getByText('No dead jobs').waitFor();
    const payload = { mood: 'good', size: 3, tags: ['sea'] };
    await until('it has succeeded', async () => (await app.twolane.operations.get(id))?.state === 'succeeded');
    expect(await app.twolane.operations.get(id)).toMatchObject({ payload, result: { mood: 'good' } });
  });

  test('pauses a queue after a question, and resumes it', async () => {
    await page.goto(`${app.url}/ops/`);
    const bulk = page.getByRole('region', { name: 'Bulk' });
    await bulk.getByRole('button', { name: 'Pause picky' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Pause' }).click();
    await bulk.getByText('paused').waitFor();
    await bulk.getByRole('button', { name: 'Resume picky' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Resume' }).click();
    await bulk.getByText('paused').waitFor({ state: 'detached' });
  });

  test('sees a schedule with its next runs, runs it, gives it other times, and pauses it', async () => {
    const { definition } = defineSchedule({
      name: 'nightly',
      job: jobs.bulk,
      payload: { mood: 'good' },
      cron: '30 2 * * *',
    });
    await app.twolane.schedules.put('nightly', definition, { actor: 'test' });
    await page.getByRole('link', { name: 'Schedules' }).click();
    const row = page.getByRole('row', { name: /nightly/ });
    await row.getByText('At 02:30 (UTC)').waitFor();
    await row.getByRole('button', { name: 'Run nightly now' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Run now' }).click();
    await row.locator('.state.succeeded').waitFor();

    await row.getByRole('button', { name: 'Edit the times of nightly' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Time zone').fill('Berlin');
    await dialog.getByRole('button', { name: 'Change the times' }).click();
    await dialog.getByText('did you mean Europe/Berlin?').first().waitFor();
    await dialog.getByLabel('Time zone').fill('Europe/Berlin');
    await dialog.getByLabel(/^Cron/).fill('0 9 * * 1-5');
    await dialog.getByRole('button', { name: 'Change the times' }).click();
    await row.getByText('At 09:00, Monday through Friday (Europe/Berlin)').waitFor();

    await row.getByRole('button', { name: 'Pause nightly' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Pause' }).click();
    await row.getByRole('button', { name: 'Resume nightly' }).waitFor();
    expect(await app.twolane.schedules.get('nightly')).toMatchObject({ state: 'paused', payload: { mood: 'good' } });
  });

  test('redrives a group of dead jobs, sees it stop, discards it, and takes that back', async () => {
    mended = false;
    for (let n = 0; n < 3; n += 1) await deadJob('realtime');
    await page.goto(`${app.url}/ops/dead`);
    const group = page.getByRole('row', { name: /The mood is bad.*picky-realtime/ });
    const operations = page.getByRole('region', { name: 'Operations' });
    const answer = (name: string) => page.getByRole('dialog').getByRole('button', { name }).click();
    await group.getByRole('button', { name: /^Redrive/ }).click();
    await page.getByRole('dialog').getByRole('heading', { name: 'Redrive 3 jobs of picky-realtime?' }).waitFor();
    await answer('Redrive');
    await operations.getByText('1 of 1 dead again').waitFor();
    await group.getByRole('button', { name: /^Discard/ }).click();
    await answer('Discard');
    await group.waitFor({ state: 'detached' });
    await operations.getByRole('button', { name: 'Undo' }).click();
    await group.waitFor();
    mended = true;
    await group.getByRole('button', { name: /^Redrive/ }).click();
    await answer('Redrive');
    await group.waitFor({ state: 'detached' });
    await operations.getByRole('row', { name: /redrive.*done/ }).waitFor();
    mended = false;
    const id = await deadJob('realtime');
    await page.getByRole('link', { name: 'Discard for good The mood is bad' }).click();
    await page.getByRole('button', { name: 'Discard 1 job for good' }).click();
    await page
      .getByRole('row', { name: /discard.*done/ })
      .first()
      .waitFor();
    await until('it is discarded', async () => (await app.twolane.operations.get(id))?.state === 'cancelled');
    expect(await app.twolane.operations.get(id)).toMatchObject({ restorableUntil: null });
  });

  test('finds the queues of both lanes on bull-board', async () => {
    await page.goto(`${app.url}/ops/queues`);
    await page.getByText('picky · RabbitMQ').first().waitFor();
    await page.getByText('picky · BullMQ').first().waitFor();
  });

  test('met no error, no refused script and no other host on the way', () => {
    // The refusal of the wrong payload is the one error that belongs here.
    expect(complaints.filter((line) => !line.includes('422'))).toEqual([]);
  });
});
