/** What the pool and its child processes say to each other, and what a rendered image is. */
import type { Rendition } from '../../contract/index.ts';

/** One image to render. Paths are absolute and of our own making; the folder exists and is empty. */
export interface RenderRequest {
  id: number;
  input: string;
  folder: string;
  /** Pixels over all frames that the original may have. */
  maxPixels: number;
}

export type RenderedFile = Omit<Rendition, 'url' | 'bytes'>;

export interface RenderedImage {
  /** Upright size of the original, pixels. */
  width: number;
  height: number;
  /** Thumbhash, base64. */
  placeholder: string;
  /** Files in the folder, the largest first. */
  renditions: RenderedFile[];
}

export type RenderResult =
  | { image: RenderedImage }
  /** `refused`: the image itself is at fault, another attempt would end the same. */
  | { error: { code: string; message: string; refused: boolean } };

export type RenderReply = RenderResult & {
  id: number;
  /** Resident memory of the child after the work. */
  residentBytes: number;
};

/** The exit code of a child that found itself above its memory limit. */
export const memoryExitCode = 76;
