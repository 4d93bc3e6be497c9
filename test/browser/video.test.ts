/** The ladder in a real browser: hls.js plays its smallest and its largest rung, and seeks. */
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp } from '../support/app.ts';
import { startBrowser } from '../support/browser.ts';
import { mediaClient } from '../support/media-client.ts';
import { clip } from '../support/videos.ts';

const player = createRequire(import.meta.url).resolve('hls.js/dist/hls.min.js');
let app: TestApp;
let browser: Browser;
let folder = '';

beforeAll(async () => {
  [app, browser] = await Promise.all([startTestApp(), startBrowser()]);
  folder = await mkdtemp(join(tmpdir(), 'twolane-playing-'));
});
afterAll(async () => {
  await browser?.close();
  await app?.stop();
  await rm(folder, { recursive: true, force: true });
});

async function pageWith(url: string): Promise<Page> {
  // Of the app's own origin, since files are not shared with others; its policy does not allow what a test adds.
  const page = await (await browser.newContext({ bypassCSP: true })).newPage();
  page.setDefaultTimeout(30_000);
  await page.goto(`${app.url}/healthz`);
  await page.setContent('<video muted></video>');
  await page.addScriptTag({ path: player });
  await page.evaluate(`
    window.errors = [];
    window.hls = new Hls({ maxBufferLength: 4 });
    // Others the player mends itself: a jump aborts what was loading and finds an empty buffer for a moment.
    hls.on(Hls.Events.ERROR, (_name, { details, fatal }) => fatal && errors.push(details));
    hls.loadSource(${JSON.stringify(url)});
    hls.attachMedia(document.querySelector('video'));
  `);
  await page.waitForFunction('hls.levels.length > 0');
  return page;
}

describe('The ladder', { timeout: 120_000 }, () => {
  it('plays in a browser, each rung in its size, from any time', async () => {
    await clip(join(folder, 'clip.mp4'), { width: 480, height: 400, fps: 12, seconds: 9 });
    const media = await mediaClient(app, 'ada').uploadAndWait(join(folder, 'clip.mp4'), 90_000);
    const page = await pageWith(app.url + media.video?.hls);
    expect(await page.evaluate('hls.levels.map(({ width, height }) => [width, height])')).toEqual([
      [288, 240],
      [480, 400],
    ]);
    const watch = async (level: number, fromS: number, width: number) => {
      await page.evaluate(`hls.currentLevel = ${level}; document.querySelector('video').currentTime = ${fromS}`);
      await page.evaluate("document.querySelector('video').play()");
      const seen = `document.querySelector('video').videoWidth === ${width} && document.querySelector('video').currentTime > ${fromS + 0.5}`;
      await page.waitForFunction(seen);
    };
    await watch(0, 0, 288);
    await watch(1, 5, 480);
    expect(await page.evaluate("document.querySelector('video').duration")).toBeCloseTo(9, 0);
    expect(await page.evaluate('hls.audioTracks.length')).toBe(1);
    expect(await page.evaluate('errors')).toEqual([]);
  });
});
