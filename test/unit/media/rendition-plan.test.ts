/** The plan of an image's renditions and of a video's ladder, for sizes of every kind. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planSizes, renditionWidths } from '../../../src/media/image/plan.ts';
import { planLadder, posterSize } from '../../../src/media/video/ladder.ts';

const side = fc.integer({ min: 1, max: 60_000 });
const size = fc.record({ width: side, height: side });

describe('The rendition plan', () => {
  it('gives a wide photo every width', () => {
    expect(planSizes({ width: 4000, height: 3000 })).toEqual([
      { width: 1440, height: 1080 },
      { width: 1080, height: 810 },
      { width: 640, height: 480 },
      { width: 320, height: 240 },
      { width: 150, height: 113 },
    ]);
  });

  it('collapses the widths above the original into one at its own size', () => {
    expect(planSizes({ width: 500, height: 400 }).map((each) => each.width)).toEqual([500, 320, 150]);
    expect(planSizes({ width: 640, height: 10 }).map((each) => each.width)).toEqual([640, 320, 150]);
    expect(planSizes({ width: 1, height: 1 })).toEqual([{ width: 1, height: 1 }]);
  });

  it('never enlarges, never leaves an image without a size, and shrinks from one size to the next', () => {
    fc.assert(
      fc.property(size, (original) => {
        const sizes = planSizes(original);
        expect(sizes.length).toBeGreaterThanOrEqual(1);
        expect(sizes.length).toBeLessThanOrEqual(renditionWidths.length);
        sizes.forEach((each, index) => {
          expect(each.width).toBeLessThanOrEqual(original.width);
          expect(each.height).toBeLessThanOrEqual(Math.min(original.height, 16_383));
          expect(Math.min(each.width, each.height)).toBeGreaterThanOrEqual(1);
          if (index > 0) expect(each.width).toBeLessThan(sizes[index - 1]?.width ?? 0);
        });
      }),
    );
  });

  it('keeps the aspect ratio to the pixel', () => {
    fc.assert(
      fc.property(
        fc.record({ width: fc.integer({ min: 1, max: 9000 }), height: fc.integer({ min: 1, max: 9000 }) }),
        (original) => {
          for (const each of planSizes(original)) {
            const exact = (original.height * each.width) / original.width;
            expect(Math.abs(each.height - Math.min(exact, 16_383))).toBeLessThanOrEqual(exact > 16_383 ? exact : 1);
          }
        },
      ),
    );
  });
});

describe('The ladder of a video', () => {
  const names = (width: number, height: number) => planLadder({ width, height, fps: 30 }).map((rung) => rung.name);

  it('goes by the short side, in landscape and in portrait, up to 1080', () => {
    expect(names(1920, 1080)).toEqual(['240p', '360p', '480p', '720p', '1080p']);
    expect(names(2160, 3840)).toEqual(['240p', '360p', '480p', '720p', '1080p']);
    expect(planLadder({ width: 1080, height: 1920, fps: 30 }).at(-1)).toMatchObject({ width: 1080, height: 1920 });
  });

  it('ends with the size of the source, and leaves out the step right below', () => {
    expect(names(640, 400)).toEqual(['240p', '400p']);
    expect(names(480, 270)).toEqual(['270p']);
    expect(names(97, 65)).toEqual(['64p']);
  });

  it('gives more bits to more pixels and to more frames', () => {
    const most = (fps: number) => planLadder({ width: 1920, height: 1080, fps }).map((rung) => rung.maxBitrate);
    expect(most(30)).toEqual([...most(30)].sort((a, b) => a - b));
    expect(most(30).at(-1)).toBe(5_000_000);
    expect(most(60).at(-1)).toBeGreaterThan(6_000_000);
    expect(most(90_000)).toEqual(most(60));
  });

  it('has even sides, never enlarges and never names two rungs alike', () => {
    const atLeastTwo = fc.integer({ min: 2, max: 20_000 });
    fc.assert(
      fc.property(atLeastTwo, atLeastTwo, (width, height) => {
        const rungs = planLadder({ width, height, fps: 30 });
        expect(new Set(rungs.map((rung) => rung.name)).size).toBe(rungs.length);
        for (const rung of rungs) {
          expect([rung.width % 2, rung.height % 2]).toEqual([0, 0]);
          expect(rung.width).toBeLessThanOrEqual(width);
          expect(rung.height).toBeLessThanOrEqual(height);
          expect(Math.min(rung.width, rung.height)).toBeGreaterThanOrEqual(2);
          expect(Math.min(rung.width, rung.height)).toBeLessThanOrEqual(1080);
          expect(Math.max(rung.width, rung.height)).toBeLessThanOrEqual(2_560);
        }
      }),
    );
  });
});

describe('The poster of a video', () => {
  it('is no wider than the widest rendition and never empty', () => {
    expect(posterSize({ width: 3840, height: 2160 })).toEqual({ width: 1440, height: 810 });
    expect(posterSize({ width: 20_000, height: 2 })).toEqual({ width: 1440, height: 1 });
  });
});
