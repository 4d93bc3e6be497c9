/** A newcomer in a real browser: opens the printed link, drops a photo, watches its renditions appear, reads the API. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apiKey, startTestApp, type TestApp } from '../support/app.ts';
import { startBrowser } from '../support/browser.ts';

const welcomeToken = 'welcome-to-the-tests';
let app: TestApp;
let browser: Browser;
let folder: string;
/** What the browser complained of: broken policies, errors of scripts, requests to other hosts. */
const complaints: string[] = [];

beforeAll(async () => {
  app = await startTestApp({ settings: { TWOLANE_WELCOME_TOKEN: welcomeToken } });
  browser = await startBrowser();
  folder = await mkdtemp(join(tmpdir(), 'twolane-newcomer-'));
  const photo = sharp({ create: { width: 1200, height: 900, channels: 3, background: '#0b7285' } });
  await photo.jpeg().toFile(join(folder, '<img src=x onerror=alert(1)>.jpg'));
});

afterAll(async () => {
  await browser?.close();
  await app?.stop();
  await rm(folder, { recursive: true, force: true });
});

async function open(path: string): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 } });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (line) => {
    if (line.type() === 'error' && !line.text().includes('403')) complaints.push(line.text());
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(app.url)) complaints.push(request.url());
  });
  await page.goto(app.url + path);
  return page;
}

const overflow = (page: Page) =>
  page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');

async function uploadAndSee(page: Page): Promise<void> {
  await page.setInputFiles('#files', join(folder, '<img src=x onerror=alert(1)>.jpg'));
  await page.waitForSelector('.upload .state.succeeded');
  await page.waitForSelector('.pictures img');
  expect(await page.textContent('.upload h2')).toBe('<img src=x onerror=alert(1)>.jpg');
  expect(await page.textContent('.facts')).toContain('1200 × 900');
  expect(await page.locator('.pictures figure').count()).toBe(5);
  expect(await page.getAttribute('.upload a.end', 'href')).toMatch(/^ops\/jobs\/\d+$/);
  await page.waitForFunction('[...document.images].every((image) => image.naturalWidth > 0)');
}

describe('a newcomer', () => {
  it('uploads with the printed link, which leaves no token in the address bar', async () => {
    const page = await open(`/?token=${welcomeToken}`);
    await page.waitForSelector('#choose');
    expect(page.url()).toBe(`${app.url}/`);
    await uploadAndSee(page);
    expect(await overflow(page)).toBe(0);
    await page.reload();
    await page.waitForSelector('#choose');
  });

  it('is told that a link works once, and goes on with an API key', async () => {
    const page = await open(`/?token=${welcomeToken}`);
    await page.waitForSelector('#hint.bad');
    expect(await page.textContent('#hint')).toContain('used before');
    await page.fill('#key', apiKey);
    await page.click('#key-form button');
    await page.waitForSelector('#choose');
    await uploadAndSee(page);
  });

  it('reads what the API offers and finds a call', async () => {
    const page = await open('/docs');
    await page.waitForSelector('.operation');
    expect(await page.locator('.operation').count()).toBeGreaterThan(25);
    expect(await overflow(page)).toBe(0);
    await page.fill('#filter', 'multipart/form-data');
    expect(await page.locator('.operation:visible').count()).toBe(1);
    expect(await page.textContent('.operation:visible .sample pre')).toContain('-F file=@photo.jpg');
  });

  it('meets no broken policy, no error and no other host on the way', () => {
    expect(complaints).toEqual([]);
  });
});
