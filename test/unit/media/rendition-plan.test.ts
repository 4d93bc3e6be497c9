/** The plan of an image's renditions and of a video's rung, for sizes of every kind. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planSizes, renditionWidths } from '../../../src/media/image/plan.ts';
import { planVideo, posterSize } from '../../../src/media/video/plan.ts';

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

describe('The video plan', () => {
  it('takes the short side for 720, in landscape and in portrait', () => {
    expect(planVideo({ width: 1920, height: 1080, fps: 30 })).toMatchObject({ width: 1280, height: 720 });
    expect(planVideo({ width: 1080, height: 1920, fps: 30 })).toMatchObject({ width: 720, height: 1280 });
    expect(planVideo({ width: 640, height: 361, fps: 30 })).toMatchObject({ width: 640, height: 360 });
  });

  it('limits the rate of fast and absurd videos and leaves the timing of others alone', () => {
    expect(planVideo({ width: 640, height: 360, fps: 90_000 }).fps).toBe(60);
    expect(planVideo({ width: 640, height: 360, fps: 29.97 }).fps).toBeUndefined();
  });

  it('has even sides and never enlarges', () => {
    const atLeastTwo = fc.integer({ min: 2, max: 20_000 });
    fc.assert(
      fc.property(atLeastTwo, atLeastTwo, (width, height) => {
        const plan = planVideo({ width, height, fps: 30 });
        expect([plan.width % 2, plan.height % 2]).toEqual([0, 0]);
        expect(plan.width).toBeLessThanOrEqual(width);
        expect(plan.height).toBeLessThanOrEqual(height);
        expect(Math.min(plan.width, plan.height)).toBeGreaterThanOrEqual(2);
        expect(Math.min(plan.width, plan.height)).toBeLessThanOrEqual(720);
        expect(plan.maxBitrate).toBeGreaterThanOrEqual(400_000);
      }),
    );
  });

  it('makes posters no wider than the widest rendition', () => {
    expect(posterSize({ width: 3840, height: 2160 })).toEqual({ width: 1440, height: 810 });
    expect(posterSize({ width: 720, height: 1280 })).toEqual({ width: 720, height: 1280 });
  });
});
