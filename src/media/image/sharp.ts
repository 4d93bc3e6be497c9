/** sharp as this project uses it: a few loaders, one thread per image, no cache. The steps take it from here. */
import sharp from 'sharp';

/** Every loader off, then those of the formats that are accepted. SVG, PDF, HEIC, OpenEXR, … stay off. */
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({
  operation: [
    'VipsForeignLoadJpegFile',
    'VipsForeignLoadPngFile',
    'VipsForeignLoadWebpFile',
    'VipsForeignLoadHeifFile',
    'VipsForeignLoadNsgifFile',
    'VipsForeignLoadTiffFile',
  ],
});
// Processes run side by side, one image each; threads below them would only compete. Every input is new: no cache.
sharp.concurrency(1);
sharp.cache(false);

export { sharp };

/** Upright sRGB pixels, 8 bits per channel. */
export interface Pixels {
  data: Buffer;
  width: number;
  height: number;
  channels: 1 | 2 | 3 | 4;
}

/** A sharp pipeline that starts from pixels. */
export function fromPixels({ data, width, height, channels }: Pixels) {
  return sharp(data, { raw: { width, height, channels } });
}
