/** The perceptual hash against values that the reference implementation of PDQ gave for the same pictures. */
import { describe, expect, it } from 'vitest';
import { pdq, pdqSide } from '../../../src/media/image/pdq.ts';

type Channel = (x: number, y: number, channel: number) => number;

/** Luma of a picture that both implementations were given, by the weights of the reference. */
function luma(value: Channel): Float32Array {
  return Float32Array.from({ length: pdqSide ** 2 }, (_, at) => {
    const [x, y] = [at % pdqSide, Math.floor(at / pdqSide)];
    return 0.299 * value(x, y, 0) + 0.587 * value(x, y, 1) + 0.114 * value(x, y, 2);
  });
}

function distance(one: string, other: string): number {
  return (BigInt(`0x${one}`) ^ BigInt(`0x${other}`)).toString(2).replaceAll('0', '').length;
}

describe('PDQ', () => {
  it.each<[string, Channel, string]>([
    [
      'stripes',
      (x, y, c) => (x * 3 + y * 5 + c * 40) % 256,
      '01ffaf54ea55a0d7ea85a5162ab5b5622aa5a52eeafda5aa0203fffe55540401',
    ],
    [
      'rings',
      (x, y, c) => Math.floor((x * x + y * y * 2) / (c + 7)) % 256,
      '6b286650c4afdd51aba7d358b2b37467254cedd82ab369a74926496c596cd948',
    ],
    [
      'tiles',
      (x, y, c) => ((Math.floor(x / 17) ^ Math.floor(y / 13)) * (31 + c * 7)) % 256,
      '26e687879879c99b766466666b4a94b5899b366426a68787d959c99b76646a4a',
    ],
  ])('of %s is what the reference says, but for bits that hang on rounding', (_name, value, golden) => {
    const { hash, quality } = pdq(luma(value));
    expect(hash).toHaveLength(64);
    expect(distance(hash, golden)).toBeLessThanOrEqual(2);
    expect(quality).toBe(100);
  });

  it('says of a faint slope that there is nothing to see', () => {
    expect(pdq(luma((x, y) => Math.floor(((x + y) * 255) / 63 / 2))).quality).toBeLessThan(5);
    expect(pdq(new Float32Array(pdqSide ** 2).fill(128)).quality).toBe(0);
  });
});
