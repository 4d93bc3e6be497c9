/** A photo or video as the API shows it, and the port through which products look media up. */
import type { JsonObject } from './words.ts';

export interface Rendition {
  /** `640.webp` and the like: unique within its media. */
  name: string;
  format: 'webp' | 'jpeg' | 'avif' | 'png';
  width: number;
  height: number;
  bytes: number;
  url: string;
}

export interface MediaView {
  id: string;
  ownerId: string;
  kind: 'image' | 'video';
  state: 'processing' | 'ready' | 'failed';
  jobId: string;
  original: { contentType: string; bytes: number; width: number | null; height: number | null; sha256: string };
  /** Thumbhash, base64; null until the media is ready. */
  placeholder: string | null;
  renditions: Rendition[];
  video?: { durationMs: number; hls: string; poster: string };
  metadata: JsonObject | null;
  error?: { code: string; message: string };
}

export interface MediaReader {
  /** Those of the ids that exist, in the order asked. */
  views(ids: readonly string[]): Promise<MediaView[]>;
}
