/** A step of the image pipeline: takes the work so far and adds its own part. */
import type { Metadata } from 'sharp';
import type { PlannedSize } from './plan.ts';
import type { Film, ImageDescription, RenderedFile, RenderRequest } from './protocol.ts';
import type { Pixels } from './sharp.ts';

export interface ImageWork {
  request: RenderRequest;
  /** What the header says, and the file that sharp can decode: set by `inspect`, set anew by `convert`. */
  header?: Metadata;
  input?: string;
  /** Upright size; set by `inspect`. */
  original?: PlannedSize;
  /** The largest first; set by `decode`, with `pixels` of that largest size. */
  sizes?: PlannedSize[];
  pixels?: Pixels;
  /** The pixels of each size; set by `shrink`. */
  levels?: Pixels[];
  /** Set by `describe`. */
  description?: ImageDescription;
  /** Set by `encode`. */
  renditions?: RenderedFile[];
  /** Set by `film`. */
  film?: Film;
}

export type ImageStep = (work: ImageWork) => Promise<ImageWork>;

/** What an earlier step has set; anything else is a mistake in the order of the list. */
export function known<T>(value: T | undefined): T {
  if (value === undefined) throw new TypeError('A step of the image pipeline ran before the one it builds on');
  return value;
}
