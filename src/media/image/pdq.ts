/**
 * PDQ, a perceptual hash of 256 bits: copies of a picture in other sizes, formats and qualities differ in few of them.
 * After "The TMK+PDQF video-hashing algorithm and the PDQ image-hashing algorithm" and its reference implementation
 * (github.com/facebook/ThreatExchange, folder pdq), in the variant that starts from a picture of 64 x 64 points.
 */

/** Side of the picture that is hashed. */
export const pdqSide = 64;
/** Side of the block of low frequencies of which each gives one bit. */
const block = 16;

export interface PerceptualHash {
  /** 64 hexadecimal digits. */
  hash: string;
  /** 0 to 100: how much there is to see. Below 50 the hash says little, and unlike pictures may share it. */
  quality: number;
}

/** @param luma 64 x 64 values from 0 to 255, row by row */
export function pdq(luma: Float32Array): PerceptualHash {
  const frequencies = lowFrequencies(luma);
  const median = frequencies.toSorted()[frequencies.length / 2 - 1] as number;
  let bits = 0n;
  frequencies.forEach((value, index) => {
    if (value > median) bits |= 1n << BigInt(index);
  });
  return { hash: bits.toString(16).padStart(64, '0'), quality: qualityOf(luma) };
}

/** Rows of the discrete cosine transform for the frequencies 1 to 16; the constant part, brightness, is left out. */
const cosines = Float32Array.from({ length: block * pdqSide }, (_, at) => {
  const [row, column] = [Math.floor(at / pdqSide), at % pdqSide];
  return Math.sqrt(2 / pdqSide) * Math.cos((Math.PI / 2 / pdqSide) * (row + 1) * (2 * column + 1));
});

function lowFrequencies(luma: Float32Array): Float32Array {
  const columns = new Float32Array(block * pdqSide);
  const result = new Float32Array(block * block);
  for (let row = 0; row < block; row += 1)
    for (let column = 0; column < pdqSide; column += 1)
      columns[row * pdqSide + column] = dot((k) => cosine(row, k) * (luma[k * pdqSide + column] as number));
  for (let row = 0; row < block; row += 1)
    for (let column = 0; column < block; column += 1)
      result[row * block + column] = dot((k) => (columns[row * pdqSide + k] as number) * cosine(column, k));
  return result;
}

function cosine(row: number, column: number): number {
  return cosines[row * pdqSide + column] as number;
}

function dot(term: (k: number) => number): number {
  let sum = 0;
  for (let k = 0; k < pdqSide; k += 1) sum += term(k);
  return sum;
}

/** Steps between neighbours, each in whole percent, so that many faint ones count for nothing. */
function qualityOf(luma: Float32Array): number {
  const step = (a: number, b: number) =>
    Math.abs(Math.trunc((((luma[a] as number) - (luma[b] as number)) * 100) / 255));
  let sum = 0;
  for (let row = 0; row < pdqSide; row += 1)
    for (let column = 0; column < pdqSide; column += 1) {
      const at = row * pdqSide + column;
      if (row + 1 < pdqSide) sum += step(at, at + pdqSide);
      if (column + 1 < pdqSide) sum += step(at, at + 1);
    }
  return Math.min(100, Math.trunc(sum / 90));
}
