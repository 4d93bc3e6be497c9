/** What a video costs, and how the work on a dear one is cut up. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planLadder } from '../../../src/media/video/ladder.ts';
import { costS, cutIntoPieces } from '../../../src/media/video/price.ts';
import type { VideoInfo } from '../../../src/media/video/probe-report.ts';

const info = (about: Partial<VideoInfo>): VideoInfo => ({
  videoIndex: 0,
  codec: 'h264',
  audio: undefined,
  subtitles: [],
  width: 1920,
  height: 1080,
  durationS: 10,
  fps: 30,
  bitrate: 0,
  colour: 'sdr',
  untaggedMatrix: undefined,
  oddities: [],
  ...about,
});
const cut = (about: VideoInfo, limitS = 30) => cutIntoPieces(about, planLadder(about), limitS);

describe('The price of a video', () => {
  it('is its pixels times its frames, however few bytes hold them', () => {
    const clip = info({});
    const long = info({ width: 3840, height: 2160, fps: 60, durationS: 360, codec: 'hevc' });
    const price = (about: VideoInfo) => costS(about, planLadder(about));
    expect(price(clip)).toBeLessThan(15);
    expect(price(long)).toBeGreaterThan(60 * price(clip));
    expect(price(info({ durationS: 20 }))).toBeCloseTo(2 * price(clip));
    expect(price(info({ codec: 'hevc' }))).toBeGreaterThan(price(clip));
  });
});

describe('The pieces of a video', () => {
  it('are none for a cheap one', () => {
    expect(cut(info({}))).toEqual([]);
  });

  it('are the smallest rung first, the sound in one, then the rest', () => {
    const stages = cut(info({ durationS: 600, audio: { index: 1, codec: 'aac' } })).map((piece) => piece.stage);
    expect([...new Set(stages)]).toEqual(['first', 'sound', 'rest']);
    expect(stages.filter((stage) => stage === 'sound')).toHaveLength(1);
    expect(stages.filter((stage) => stage === 'rest').length).toBeGreaterThan(10);
  });

  it('lie side by side from the beginning to the end, whatever the video, in whole segments', () => {
    const side = fc.integer({ min: 2, max: 8_000 });
    const any = fc.record({
      width: side,
      height: side,
      fps: fc.double({ min: 0, max: 300, noNaN: true }),
      durationS: fc.double({ min: 0.01, max: 10_000, noNaN: true }),
    });
    fc.assert(
      fc.property(any, (about) => {
        for (const stage of ['first', 'rest']) {
          const pieces = cut(info(about), 5).filter((piece) => piece.stage === stage);
          for (const [index, piece] of pieces.entries()) {
            expect(piece.fromS).toBe(index === 0 ? 0 : pieces[index - 1]?.toS);
            expect(piece.fromS % 4).toBe(0);
            expect(piece.fromS).toBeLessThan(about.durationS);
          }
          expect(pieces.at(-1)?.toS).toBeUndefined();
        }
      }),
    );
  });
});
