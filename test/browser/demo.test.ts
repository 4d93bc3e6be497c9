/** The demo in two windows of a real browser: two seeded people, a photo and a video from drop to feed, a like, a message, live. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rankHashtags } from '../../jobs/bulk/rank-hashtags.job.ts';
import { preprocessPost } from '../../jobs/realtime/preprocess-post.job.ts';
import { photo } from '../../scripts/demo/photos.ts';
import { windowMs } from '../../src/social/trending/score.ts';
import { violations } from '../support/accessible.ts';
import { apiKey, operatorPassword, startTestApp, type TestApp } from '../support/app.ts';
import { startBrowser } from '../support/browser.ts';
import { holdFanOuts } from '../support/fan-out-hold.ts';
import { caller } from '../support/http.ts';
import { long } from '../support/long.ts';
import { checkPage, watchComplaints } from '../support/page-check.ts';
import { seed, traffic } from '../support/social-client.ts';
import { until } from '../support/stack.ts';
import { clip } from '../support/videos.ts';

let app: TestApp;
let browser: Browser;
let folder: string;
let said: string;
/** What the browser complained of: broken policies, errors of scripts, requests to other hosts. */
const complaints: string[] = [];

beforeAll(async () => {
  app = await startTestApp({ settings: { TWOLANE_DEMO: 'true' } });
  said = await seed(app.environment, '--users', '40', '--celebrity', '--photos', '2', '--posts', '12');
  browser = await startBrowser();
  folder = await mkdtemp(join(tmpdir(), 'twolane-demo-'));
  await writeFile(join(folder, 'evening.jpg'), await photo(99));
  await clip(join(folder, 'waves.mp4'), { width: 320, height: 240, seconds: 2 });
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await app?.stop();
  await rm(folder, { recursive: true, force: true });
}, 60_000);

async function open(): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, bypassCSP: false });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (line) => {
    if (line.type() === 'error') complaints.push(line.text());
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(app.url)) complaints.push(request.url());
  });
  await page.goto(`${app.url}/demo`);
  return page;
}

async function be(name: string): Promise<Page> {
  const page = await open();
  await page.fill('input[type=search]', name);
  await page.click(`.people button:has(b:text-is("${name}"))`);
  await page.waitForSelector('#me');
  expect(await page.textContent('#me')).toBe(name);
  return page;
}

/** Looks at the page wide and narrow, light and dark: nothing sticks out, and axe finds nothing. */
async function inspect(page: Page, name: string): Promise<void> {
  const shots = process.env.TWOLANE_SCREENSHOTS;
  if (shots) await mkdir(shots, { recursive: true });
  for (const colorScheme of ['light', 'dark'] as const)
    for (const width of [1280, 390]) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 900 });
      if (shots) await page.screenshot({ path: join(shots, `${name}-${colorScheme}-${width}.png`) });
      const beyond = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
      expect([name, colorScheme, width, await page.evaluate(beyond)]).toEqual([name, colorScheme, width, 0]);
      expect([name, colorScheme, width, await violations(page)]).toEqual([name, colorScheme, width, []]);
    }
  await page.setViewportSize({ width: 1280, height: 900 });
}

describe('the seeded world', () => {
  it('is what the command says', async () => {
    expect(said).toContain('41 people added, 41 are there');
    expect(said).toContain('2 photos are processed');
    expect(said).toContain('12 posts added');
    const { rows } = await app.twolane.database.query<{ followers: number; posts: number; wrong: number }>(
      `select (select count(*) from twolane_social.follows f join twolane_social.users u on u.id::text = f.followee_id
           where u.username = 'star')::int as followers,
         (select count(*) from twolane_social.posts p join twolane_social.post_media m on m.post_id = p.id)::int as posts,
         (select count(*) from twolane_social.posts p
          where like_count <> (select count(*) from twolane_social.likes l where l.post_id = p.id)
             or comment_count <> (select count(*) from twolane_social.comments c where c.post_id = p.id))::int as wrong`,
    );
    expect(rows).toEqual([{ followers: 40, posts: 12, wrong: 0 }]);
  });

  it('is kept alive at a rate, by deeds of its people that succeed', async () => {
    const heard = await traffic(app.environment, '--url', app.url, '--rate', '20', '--seconds', '2');
    expect(heard).toContain('41 people, 20 deeds a second');
    const [, deeds = '', rest] = /In all (.*); p50 (.*)/.exec(heard) ?? [];
    expect([...deeds.matchAll(/\d+/g)].reduce((sum, [count]) => sum + Number(count), 0)).toBe(40);
    expect(rest).not.toContain('failed');
  });
});

/** Lets go of a file over the place where files are dropped, as a hand with a mouse does. */
async function drop(page: Page, file: string, type: string): Promise<void> {
  const bytes = (await readFile(join(folder, file))).toString('base64');
  const transfer = await page.evaluateHandle(`(() => {
    const dropped = new DataTransfer();
    const bytes = Uint8Array.from(atob('${bytes}'), (letter) => letter.charCodeAt(0));
    dropped.items.add(new File([bytes], '${file}', { type: '${type}' }));
    return dropped;
  })()`);
  await page.dispatchEvent('.drop', 'dragover', { dataTransfer: transfer });
  await page.dispatchEvent('.drop', 'drop', { dataTransfer: transfer });
}

describe('the demo', () => {
  it('shows two people in two windows what each does, at once', { timeout: 120_000 }, async () => {
    const first = await open();
    await first.waitForSelector('.people button');
    await inspect(first, 'sign-in');
    await first.close();
    const [ana, mia] = await Promise.all([be('ana'), be('mia')]);
    // Ana drops a photo, sees its job and its renditions, and posts it; Mia, who follows her, sees it come.
    await drop(ana, 'evening.jpg', 'image/jpeg');
    await ana.waitForSelector('.shared[data-state=succeeded] .sizes li:nth-child(3)');
    await ana.waitForFunction(`document.querySelector('.shared img').naturalWidth > 0`);
    expect(await ana.getAttribute('.shared small a', 'href')).toMatch(/\/ops\/jobs\/\d+$/);
    await ana.fill('.shared form input', 'Seen from two windows #demo');
    await ana.click('.shared form button');
    const card = '.post:has(p:has-text("Seen from two windows"))';
    await mia.waitForSelector(card);
    await mia.waitForFunction(`document.querySelector('.post img').naturalWidth > 0`);
    await mia.click(`${card} footer button`);
    await ana.waitForSelector('#notices li:has-text("mia liked your photo")');
    await ana.waitForSelector(`${card} footer button:has-text("1")`);
    // They write to each other.
    await ana.fill('#to', 'mia');
    await ana.click('form:has(#to) button');
    await ana.fill('#say', 'Did you like it?');
    await ana.click('form:has(#say) button');
    await mia.click('#threads .thread:has-text("Did you like it?")');
    await mia.fill('#say', 'Very much');
    await mia.click('form:has(#say) button');
    await ana.waitForSelector('.talk li:not(.mine):has-text("Very much")');
    // A video: its job, its sizes, a player, and the post in the other window.
    await drop(mia, 'waves.mp4', 'video/mp4');
    const video = '.shared:has(h3:text-is("waves.mp4"))';
    await mia.waitForSelector(`${video} a[href*="/ops/jobs/"]`);
    await mia.waitForSelector(`${video}[data-state=succeeded] .sizes li:has-text("240p video")`);
    await mia.waitForSelector(`${video} video[src][poster]`);
    await mia.fill(`${video} form input`, 'It moves');
    await mia.click(`${video} form button`);
    await ana.waitForSelector('.post:has(p:has-text("It moves")) video[src]');
    await inspect(ana, 'ana');
    await mia.setViewportSize({ width: 390, height: 844 });
    await mia.click('nav.tabs button:text-is("Messages")');
    await mia.waitForSelector('.talk li.mine:has-text("Very much")');
    await inspect(mia, 'mia');
    // Who becomes somebody else leaves nothing behind.
    await mia.click('.who button');
    await mia.click('.people button:has(b:text-is("leo"))');
    await mia.waitForSelector('#me:text-is("leo")');
    expect(await mia.locator('.talk, .shared').count()).toBe(0);
    expect(complaints).toEqual([]);
  });

  it('lets nobody be somebody who signed up, and is not there unless it is asked for', async () => {
    const asked = (username: string) =>
      fetch(`${app.url}/v1/demo/sessions`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ username }),
      });
    const signUp = { username: 'somebody.real', password: 'a good password' };
    const headers = { 'content-type': 'application/json' };
    expect((await fetch(`${app.url}/v1/users`, { method: 'POST', headers, body: JSON.stringify(signUp) })).status).toBe(
      201,
    );
    expect([(await asked('somebody.real')).status, (await asked('leo')).status]).toEqual([404, 201]);
    const { items } = (await (await fetch(`${app.url}/v1/demo/people?prefix=some`)).json()) as { items: unknown[] };
    expect(items).toEqual([]);
    expect((await fetch(`${app.url}/demo/assets/..%2f..%2fpackage.json`)).status).toBe(404);
    const without = await startTestApp({ worker: false, scheduler: false });
    const statuses = await Promise.all(
      ['/demo', '/v1/demo/people'].map(async (path) => (await fetch(without.url + path)).status),
    );
    await without.stop();
    expect(statuses).toEqual([404, 404]);
  });

  it('has a world of 20,000 people in less than a minute', { ...long, timeout: 240_000 }, async () => {
    const began = performance.now();
    expect(await seed(app.environment, '--users', '20000', '--celebrity')).toContain('20001 are there');
    expect(performance.now() - began).toBeLessThan(60_000);
  });
});

describe('an operator of it', () => {
  it('sees a post on its way into feeds, what is trending, and a file that failed', { timeout: 60_000 }, async () => {
    const { database } = app.twolane;
    const { rows: own } = await database.query<{ id: string; media: string }>(
      `select u.id::text, m.id::text as media from twolane_social.users u join twolane.media m on m.owner_id = u.id::text
       where u.username = 'star' limit 1`,
    );
    const { id: star = '', media = '' } = own[0] ?? {};
    const as = (method: string, path: string, body: unknown) =>
      caller(app.url)(method, path, { token: apiKey, headers: { 'x-acting-user': star }, body });
    const held = await holdFanOuts(app.environment.DATABASE_URL ?? '', 'middle');
    const page = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
    try {
      const posted = await as('POST', '/v1/posts', { mediaIds: [media], caption: 'Into all feeds' });
      expect(posted.status).toBe(202);
      const damaged = new FormData();
      damaged.set('file', new Blob([new Uint8Array((await photo(98)).subarray(0, 700))]), 'broken.jpg');
      const headers = { authorization: `Bearer ${apiKey}`, 'x-acting-user': star };
      expect((await fetch(`${app.url}/v1/uploads`, { method: 'POST', headers, body: damaged })).status).toBe(202);
      const { rows } = await database.query<{ id: string }>(
        `insert into twolane_social.posts (id, author_id, caption, noun, state, job_id, published_at)
         select id, 'author-' || n, 'look #Quake', 'photo', 'published', 1, now()
         from (select id, row_number() over (order by id) as n from twolane.next_ids(15) as id) ids returning id::text`,
      );
      await app.twolane.enqueueMany(rows.map(({ id }) => ({ job: preprocessPost, payload: { postId: id } })));
      const uses = `select count(*)::int as n from twolane_social.trend_uses where tag = 'quake'`;
      await until('all are counted', async () => (await database.query<{ n: number }>(uses)).rows[0]?.n === 15);
      await app.twolane.enqueue(rankHashtags, { at: new Date(Date.now() + windowMs).toISOString() });
      page.setDefaultTimeout(20_000);
      const refused = watchComplaints(page, app.url);
      await page.goto(`${app.url}/ops/media`);
      await page.getByLabel('Password').fill(operatorPassword);
      await page.getByRole('button', { name: 'Log in' }).click();
      const feeds = page.getByRole('region', { name: 'Feeds under way' });
      await feeds.getByRole('row', { name: /Into the feeds of [\d,]+ followers.*0 %/ }).waitFor();
      await page
        .getByRole('region', { name: 'Trending' })
        .getByRole('row', { name: /#quake 15 people/ })
        .waitFor();
      await page.getByRole('region', { name: 'Files that failed' }).locator('tbody tr').first().waitFor();
      await checkPage(page, 'media-live');
      await page.getByRole('link', { name: 'Overview', exact: true }).click();
      const underWay = page.getByRole('region', { name: 'Under way' });
      await underWay.getByRole('link', { name: /Into the feeds of/ }).waitFor();
      await checkPage(page, 'overview-live');
      await held.release();
      await underWay.getByText('Nothing is under way').waitFor();
      await page.getByRole('link', { name: 'Media', exact: true }).click();
      await feeds.getByText('Nothing is under way').waitFor();
      expect(refused).toEqual([]);
    } finally {
      await page.context().close();
    }
  });
});
