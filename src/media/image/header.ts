/** What a header says of an image: its frames, whether it is HEIC, and how much memory its decoder will need. */
import type { Metadata } from 'sharp';
import { refuseImage } from './refusal.ts';
import { sharp } from './sharp.ts';

/** Reads the header and nothing else. */
export async function readHeader(input: string): Promise<Metadata> {
  try {
    return await sharp(input, { limitInputPixels: false, limitInputChannels: false }).metadata();
  } catch (error) {
    return refuseImage('invalid_image', 'The image cannot be read: it is damaged or not an image', error);
  }
}

/** Frames of an animation; of a file that holds several pictures one is taken, so that is one. */
export function framesOf({ format, pages = 1 }: Metadata): number {
  return format === 'gif' || format === 'webp' ? pages : 1;
}

/** Shown so long, milliseconds, where the file asks for next to nothing: as browsers do, and libvips when it writes. */
const usualMs = 100;
const shortestMs = 10;

/** How long each frame of an animation is shown, milliseconds. */
export function delaysOf(header: Metadata): number[] {
  return Array.from({ length: framesOf(header) }, (_, at) => {
    const ms = header.delay?.[at];
    return ms !== undefined && ms > shortestMs ? ms : usualMs;
  });
}

/** HEVC inside of HEIF: what phones write and sharp's libvips has no decoder of. */
export function isHeic({ format, compression }: Metadata): boolean {
  return format === 'heif' && compression === 'hevc';
}

/**
 * Bytes that the decoder holds at once, about. Most formats are read line by line and need next to nothing; the others
 * are in memory as a whole, some of them more than once.
 */
export function decoderBytes(header: Metadata): number {
  const pixels = header.width * (header.pageHeight ?? header.height);
  const sample = header.bitsPerSample !== undefined && header.bitsPerSample > 8 ? 2 : 1;
  if (header.format === 'heif') return pixels * 12 * sample;
  if (header.format === 'webp') return pixels * 8;
  // A progressive JPEG is two bytes of coefficients for every sample, an interlaced PNG its pixels, and both its lines again.
  if (header.isProgressive) return pixels * header.channels * 2 * sample;
  return 0;
}
