/** Step 1: reads the header and refuses what must not be decoded. */
import { stat } from 'node:fs/promises';
import type { Metadata } from 'sharp';
import { TwolaneError } from '../../../contract/index.ts';
import { decoderBytes, framesOf, isHeic, readHeader } from '../header.ts';
import type { ImageLimits } from '../limits.ts';
import { heavyCode } from '../protocol.ts';
import { refuseImage } from '../refusal.ts';
import type { ImageStep } from '../step.ts';

/** sharp's names of the formats; AVIF and HEIC both come as `heif`. */
const formats = new Set(['jpeg', 'png', 'webp', 'gif', 'tiff', 'heif']);

export const inspect: ImageStep = async (work) => {
  const { input, limits, lightBytes } = work.request;
  const { size } = await stat(input);
  if (size > limits.maxBytes)
    refuseImage('too_many_bytes', `The image has ${size} bytes, the limit is ${limits.maxBytes}`);
  const header = await readHeader(input);
  checkFormat(header);
  checkSize(header, limits);
  if (decoderBytes(header) > lightBytes) throw new TwolaneError(heavyCode, 'The image needs the slot for heavy ones');
  const { width, height } = header.autoOrient;
  return { ...work, header, input, original: { width, height } };
};

function checkFormat(header: Metadata): void {
  if (!formats.has(header.format))
    refuseImage('unsupported_format', 'The file is not a JPEG, PNG, WebP, AVIF, HEIC, GIF or TIFF image');
  if (header.format === 'heif' && header.compression !== 'av1' && !isHeic(header))
    refuseImage('unsupported_format', `The HEIF file holds ${header.compression}; HEVC and AV1 can be read`);
}

function checkSize(header: Metadata, limits: ImageLimits): void {
  const { width, channels } = header;
  const height = header.pageHeight ?? header.height;
  const frames = framesOf(header);
  const pixels = width * height * frames;
  if (pixels > limits.maxPixels)
    refuseImage('too_many_pixels', `The image has ${pixels} pixels, the limit is ${limits.maxPixels}`);
  if (Math.max(width, height) > limits.maxSide)
    refuseImage('side_too_long', `The image is ${width} x ${height}, the longest side allowed is ${limits.maxSide}`);
  if (frames > limits.maxFrames)
    refuseImage('too_many_frames', `The animation has ${frames} frames, the limit is ${limits.maxFrames}`);
  if (channels > limits.maxChannels)
    refuseImage('too_many_channels', `The image has ${channels} channels, the limit is ${limits.maxChannels}`);
}
