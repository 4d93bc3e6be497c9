/** The ladder in a real browser: hls.js plays each rung to its end, and jumps; Shaka Player plays the manifest of DASH. */
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

const { resolve } = createRequire(import.meta.url);
const players = ['hls.js/dist/hls.min.js', 'shaka-player/dist/shaka-player.dash.js'].map((path) => resolve(path));
let app: TestApp;
let browser: Browser;
let folder = '';

beforeAll(async () => {
  // So little that every piece is one segment.
  const settings = { TWOLANE_VIDEO_PIECE_MS: '1' };
  [app, browser] = await Promise.all([startTestApp({ settings }), startBrowser()]);
  folder = await mkdtemp(join(tmpdir(), 'twolane-playing-'));
});
afterAll(async () => {
  await browser?.close();
  await app?.stop();
  await rm(folder, { recursive: true, force: true });
});

/**
 * A page with the players in it. That of HLS notes each error and what of a fragment is not where the playlist and its samples
 * say, that of DASH each error.
 */
async function pageWith({ hls, dash }: { hls: string; dash: string }): Promise<Page> {
  // Of the app's own origin, since files are not shared with others; its policy does not allow what a test adds.
  const page = await (await browser.newContext({ bypassCSP: true })).newPage();
  page.setDefaultTimeout(30_000);
  await page.goto(`${app.url}/healthz`);
  await page.setContent('<video muted></video>');
  for (const path of players) await page.addScriptTag({ path });
  const content = `
    const video = document.querySelector('video');
    let hls, errors, missing;
    // Whoever decodes on a busy machine is slow to begin; a stall is what lasts.
    const config = { autoStartLoad: false, maxBufferLength: 4, detectStallWithCurrentTimeMs: 20_000 };
    function open(level) {
      hls?.destroy();
      [errors, missing] = [[], []];
      hls = new Hls({ ...config, startLevel: level });
      let buffered = {};
      hls.on(Hls.Events.ERROR, (_name, { details, error }) => errors.push(details + ': ' + error?.message));
      hls.on(Hls.Events.BUFFER_APPENDED, (_name, { timeRanges }) => (buffered = timeRanges));
      hls.on(Hls.Events.FRAG_BUFFERED, (_name, { frag: { type, sn, start, end } }) => {
        const ranges = buffered[type === 'audio' ? 'audio' : 'video'];
        // What the encoder of sound puts before the sound is not kept.
        const off = type === 'audio' ? 1024 / 48000 + 0.001 : 0.001;
        const within = (_each, at) => ranges.start(at) <= start + off && ranges.end(at) >= end - off;
        if (!Array.from(ranges ?? [], within).some(Boolean)) missing.push([type, sn, start, end]);
      });
      hls.loadSource(${JSON.stringify(hls)});
      hls.attachMedia(video);
      return new Promise((done) => hls.once(Hls.Events.MANIFEST_PARSED, () => done((hls.loadLevel = level, hls.startLoad()))));
    }
    let shakaPlayer;
    async function openDash() {
      hls?.destroy();
      errors = [];
      shakaPlayer = new shaka.Player();
      shakaPlayer.addEventListener('error', ({ detail }) => errors.push(detail.code));
      // A gap is an error here, and all that was loaded stays to be looked at.
      shakaPlayer.configure({ abr: { enabled: false }, streaming: { gapJumpTimerTime: 0, bufferBehind: 60 } });
      await shakaPlayer.attach(video);
      await shakaPlayer.load(${JSON.stringify(dash)});
    }
    function variants() {
      return shakaPlayer.getVariantTracks().sort((a, b) => a.height - b.height);
    }
  `;
  await page.addScriptTag({ content });
  return page;
}

describe('The ladder of a video in several pieces', { timeout: 120_000 }, () => {
  const sizes = [
    [288, 240],
    [480, 400],
  ];
  const lastsS = 7;
  let page: Page;

  it('plays in a browser to its end, each rung in its size, with its sound and without any complaint', async () => {
    // Frames that refer to later ones, and a rate that does not meet the seconds.
    const options = ['-r', '12000/1001', '-bf', '2'];
    await clip(join(folder, 'clip.mp4'), { width: 480, height: 400, fps: 12, seconds: lastsS, options });
    const media = await mediaClient(app, 'ada').uploadAndWait(join(folder, 'clip.mp4'), 90_000);
    page = await pageWith({ hls: app.url + media.video?.hls, dash: app.url + media.video?.dash });
    for (const [level, size] of sizes.entries()) {
      await page.evaluate(`open(${level})`);
      expect(await page.evaluate('hls.levels.map(({ width, height }) => [width, height])')).toEqual(sizes);
      await page.evaluate('video.playbackRate = 4; video.play()');
      await page.waitForFunction('video.ended');
      expect(await page.evaluate('[video.videoWidth, video.videoHeight]')).toEqual(size);
      expect(await page.evaluate('video.webkitAudioDecodedByteCount')).toBeGreaterThan(lastsS * 1_000);
      expect(await page.evaluate('video.currentTime')).toBeCloseTo(lastsS, 0);
      expect(await page.evaluate('({ errors, missing })')).toEqual({ errors: [], missing: [] });
    }
  });

  it('plays from any time', async () => {
    await page.evaluate('open(1)');
    const watch = async (level: number, fromS: number) => {
      await page.evaluate(`hls.currentLevel = ${level}; video.currentTime = ${fromS}; video.play()`);
      const [width] = sizes[level] ?? [];
      await page.waitForFunction(`video.videoWidth === ${width} && video.currentTime > ${fromS + 0.5}`);
    };
    await watch(0, 0);
    await watch(1, 5);
    await watch(0, 3);
    // A jump ends what was loading; nothing else is to be said of it.
    const errors = await page.evaluate<string[]>('errors');
    expect(errors.filter((each) => !each.startsWith('aborted:'))).toEqual([]);
    expect(await page.evaluate('hls.audioTracks.length')).toBe(1);
  });

  it('plays by its manifest of DASH in another player, from the first frame to the last and in both sizes', async () => {
    await page.evaluate('openDash()');
    const told = await page.evaluate<Record<string, unknown>[]>('variants()');
    expect(told.map(({ width, height }) => [width, height])).toEqual(sizes);
    for (const { videoCodec, audioCodec, frameRate, channelsCount } of told) {
      expect(videoCodec).toMatch(/^avc1\.6400[0-9a-f]{2}$/);
      expect([audioCodec, channelsCount]).toEqual(['mp4a.40.2', 2]);
      expect(frameRate).toBeCloseTo(12 / 1.001, 1);
    }
    expect(await page.evaluate('shakaPlayer.seekRange()')).toMatchObject({ start: 0 });
    for (const [place, size] of sizes.entries()) {
      await page.evaluate(`shakaPlayer.selectVariantTrack(variants()[${place}], true); video.currentTime = 0`);
      await page.evaluate('video.playbackRate = 4; video.play()');
      await page.waitForFunction('video.ended');
      expect(await page.evaluate('[video.videoWidth, video.videoHeight]')).toEqual(size);
      expect(await page.evaluate('video.currentTime')).toBeCloseTo(lastsS, 0);
    }
    // Each stream in one stretch, from the beginning.
    const { video, audio } = await page.evaluate<Record<'video' | 'audio', { start: number; end: number }[]>>(
      'shakaPlayer.getBufferedInfo()',
    );
    for (const stretches of [video, audio]) {
      expect(stretches).toHaveLength(1);
      expect(stretches[0]?.start).toBeLessThan(0.03);
      expect(stretches[0]?.end).toBeCloseTo(lastsS, 0);
    }
    expect(await page.evaluate('({ errors, gaps: shakaPlayer.getStats().gapsJumped })')).toEqual({
      errors: [],
      gaps: 0,
    });
  });
});
