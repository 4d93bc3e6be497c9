/** Step 8: the frames of a long animation as they are, for an encoder of videos; IVF because it is the plainest file that knows times. */
import { open } from 'node:fs/promises';
import { delaysOf } from '../header.ts';
import { animationSize } from '../plan.ts';
import type { Film } from '../protocol.ts';
import { decodingFailed } from '../refusal.ts';
import { sharp } from '../sharp.ts';
import { type ImageStep, known } from '../step.ts';

/** An animation that takes longer than this, milliseconds, is far smaller as a video. docs/media.md tells it. */
export const longAnimationMs = 6_000;
/** What transparent pixels become. */
const paper = '#ffffff';

export const film: ImageStep = async (work) => {
  const { request } = work;
  const header = known(work.header);
  const delaysMs = delaysOf(header);
  const count = delaysMs.length;
  const totalMs = delaysMs.reduce((sum, each) => sum + each, 0);
  if (!request.wanted.film || count < 2 || totalMs <= longAnimationMs) return work;
  const size = animationSize(known(work.original));
  // Videos have a colour for every two pixels.
  const [width, height] = [even(size.width), even(size.height)];
  const options = { animated: true, failOn: 'error', limitInputPixels: request.limits.maxPixels } as const;
  const pipeline = sharp(known(work.input), options)
    .resize(width, height, { fit: 'fill' })
    .toColourspace('srgb')
    .flatten({ background: paper })
    .raw({ depth: 'uchar' });
  const frames = await pipeline.toBuffer().catch(decodingFailed);
  if (frames.length !== width * height * 3 * count) throw new TypeError('The frames are not those of the header');
  await writeIvf(request.wanted.film, { width, height, delaysMs }, frames);
  return { ...work, film: { width, height, delaysMs } };
};

function even(side: number): number {
  return Math.max(2, side - (side % 2));
}

/** Times are milliseconds. */
async function writeIvf(path: string, { width, height, delaysMs }: Film, frames: Buffer): Promise<void> {
  const head = Buffer.alloc(32);
  head.write('DKIF', 0, 'latin1');
  head.writeUInt16LE(head.length, 6);
  // Three bytes for each pixel.
  head.write('RGB\u0018', 8, 'latin1');
  head.writeUInt16LE(width, 12);
  head.writeUInt16LE(height, 14);
  head.writeUInt32LE(1_000, 16);
  head.writeUInt32LE(1, 20);
  head.writeUInt32LE(delaysMs.length, 24);
  const bytes = width * height * 3;
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(head);
    let time = 0;
    for (const [at, delay] of delaysMs.entries()) {
      const frame = Buffer.alloc(12);
      frame.writeUInt32LE(bytes, 0);
      frame.writeBigUInt64LE(BigInt(time), 4);
      await file.writeFile(Buffer.concat([frame, frames.subarray(at * bytes, (at + 1) * bytes)]));
      time += delay;
    }
  } finally {
    await file.close();
  }
}
