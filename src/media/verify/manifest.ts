/** What the maker of an attempt says of its files. Each is read back before anybody sees it; what was not announced is not shown. */

export interface AnnouncedImage {
  kind: 'image';
  /** Relative to the folder of the attempt, as all names here. */
  name: string;
  format: 'webp' | 'jpeg' | 'avif' | 'png';
  /** Upright, pixels. */
  width: number;
  height: number;
  /** Of an animation. Default 1. */
  frames?: number;
}

export interface AnnouncedVideo {
  kind: 'video';
  /** A master playlist, a DASH manifest or an MP4. What a playlist names is announced with it. */
  name: string;
  /** One per rung. `frames` is exact where the maker knows it. */
  pictures: readonly { width: number; height: number; frames?: number }[];
  /** How many sound tracks. */
  sounds: number;
  /** As the encoder ended; the file may differ by one frame. */
  durationS: number;
  /** How long one frame is shown, seconds. */
  frameS: number;
}

export interface AnnouncedText {
  kind: 'text';
  name: string;
  /** What the file begins with, such as `WEBVTT`. */
  begins: string;
}

/** A file of a new kind is a member here and a line of `checks`. */
export type AnnouncedFile = AnnouncedImage | AnnouncedVideo | AnnouncedText;
