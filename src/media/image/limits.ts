/** How large an image may be before anything of it is decoded. */

export interface ImageLimits {
  /** Of the file. */
  maxBytes: number;
  /** Over all frames that would be decoded. */
  maxPixels: number;
  /** Of either side, pixels. */
  maxSide: number;
  /** Of an animation. */
  maxFrames: number;
  /** Colours and transparency together: a sane image has five at most, CMYK with transparency. */
  maxChannels: number;
}

export const defaultLimits: ImageLimits = {
  maxBytes: 256 * 1024 ** 2,
  maxPixels: 100_000_000,
  maxSide: 32_767,
  maxFrames: 2_000,
  maxChannels: 5,
};
