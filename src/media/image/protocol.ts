/** What the pool and its child processes say to each other, and what a rendered image is. */
import type { ExtraRenditions, Rendition } from '../../contract/index.ts';
import type { ImageLimits } from './limits.ts';

/** What to make of an image. */
export interface Wanted extends ExtraRenditions {
  /** Every size as WebP and JPEG. */
  plain?: boolean;
  /** Squares as WebP and JPEG. */
  squares?: boolean;
  /** Of an animation one rendition that moves. */
  animation?: boolean;
  /** Where to write the frames of a long animation, for an encoder of videos. */
  film?: string;
}

/** One image to render. Paths are absolute and of our own making; the folder exists and is empty. */
export interface RenderRequest {
  id: number;
  input: string;
  folder: string;
  wanted: Wanted;
  limits: ImageLimits;
  /** Memory that the decoder may be expected to need, bytes; an image that needs more is handed back as heavy. */
  lightBytes: number;
  /** The program that decodes HEIC, which sharp can't, and the memory that it may have, bytes. */
  tool: { program: string; memoryBytes: number };
}

export type RenderedFile = Omit<Rendition, 'url' | 'bytes'>;

/** What stands for a picture without showing it. */
export interface ImageDescription {
  /** Thumbhash, base64. */
  placeholder: string;
  /** `#rrggbb` */
  dominantColour: string;
  /** PDQ, 64 hexadecimal digits; null where there is too little to see. */
  perceptualHash: string | null;
}

/** Frames for an encoder of videos: their size, and how long each is shown, milliseconds. */
export interface Film {
  width: number;
  height: number;
  delaysMs: number[];
}

export interface RenderedImage extends ImageDescription {
  /** Upright size of the original, pixels. */
  width: number;
  height: number;
  /** Files in the folder: plain ones first, and of each kind the largest first. */
  renditions: RenderedFile[];
  /** Of a long animation, when it was asked for. */
  film?: Film;
}

export type RenderResult =
  | { image: RenderedImage }
  /** `refused`: the image itself is at fault, another attempt would end the same. */
  | { error: { code: string; message: string; refused: boolean } };

export type RenderReply = RenderResult & {
  id: number;
  /** Resident memory of the child after the work. */
  residentBytes: number;
  /** Processor time of the child since its start. */
  cpuMs: number;
};

/** The exit codes of a child that found itself above its limit of memory, or of processor time for one image. */
export const memoryExitCode = 76;
export const cpuExitCode = 77;

/** Codes of images that may fit into the slot for heavy ones: told before the decoding, or found out by trying. */
export const heavyCode = 'image_heavy';
export const tooCostlyCode = 'image_too_costly';
