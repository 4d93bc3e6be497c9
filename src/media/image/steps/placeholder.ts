/** Step 4: the thumbhash, some 25 bytes that a page shows as a blurred picture until the real one is there. */
import { rgbaToThumbHash } from 'thumbhash';
import { fromPixels } from '../sharp.ts';
import { type ImageStep, known } from '../step.ts';

/** The largest side that the algorithm takes. */
const side = 100;

export const placeholder: ImageStep = async (work) => {
  const { data, info } = await fromPixels(known(work.pixels))
    .resize(side, side, { fit: 'inside', withoutEnlargement: true })
    .toColourspace('srgb')
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const hash = rgbaToThumbHash(info.width, info.height, data);
  return { ...work, placeholder: Buffer.from(hash).toString('base64') };
};
