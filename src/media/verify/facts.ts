/** What the readers of image formats find. They share no code with the encoders: each walks the whole structure of a file. */

export interface ImageFacts {
  width: number;
  height: number;
  frames: number;
  /** Blocks that say more than how to show the pixels: EXIF, XMP, comments. */
  metadata: string[];
  /** Turning or mirroring that a viewer would have to do. */
  turned: boolean;
  /** A colour space other than sRGB, in words; undefined for sRGB, said or unsaid. */
  colour?: string;
}

/** Thrown for a file that is not whole or not of its format; the message says where. */
export class BrokenFile extends Error {}

/** @throws BrokenFile unless the condition holds */
export function expectThat(holds: boolean, what: string): asserts holds {
  if (!holds) throw new BrokenFile(what);
}
