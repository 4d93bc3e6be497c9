/** Rows of the table `twolane.media`, and what is written to them. */
import type { FilterName, JsonObject, MediaKind, MediaSource, MediaView, VideoRung } from '../contract/index.ts';
import type { ImageDescription, RenderedFile } from './image/protocol.ts';
import type { StoredPieces } from './piece-store.ts';

export interface StoredRendition extends RenderedFile {
  bytes: number;
  /** Where it is, when it came later than the others. */
  prefix?: string;
}

/** Names below the row's prefix. */
export interface StoredVideo {
  durationMs: number;
  poster: string;
  /** As in `nonStandard`. */
  whyNotStandard: string[];
  /** This and what follows is missing while it is not made yet. */
  hls?: string;
  dash?: string;
  mp4?: string;
  storyboard?: string;
  rungs: VideoRung[];
  subtitles: { language: string; file: string }[];
}

/** A row as `pg` gives it: 64-bit numbers are decimal strings. */
export interface MediaRow {
  id: string;
  owner_id: string;
  kind: MediaKind | null;
  state: MediaView['state'];
  job_id: string;
  content_type: string | null;
  bytes: string | null;
  sha256: string | null;
  original_key: string | null;
  source: MediaSource | null;
  width: number | null;
  height: number | null;
  placeholder: string | null;
  dominant_colour: string | null;
  /** 256 binary digits. */
  perceptual_hash: string | null;
  alt_text: string | null;
  /** Asked for with the upload. */
  filters: FilterName[];
  prefix: string | null;
  renditions: StoredRendition[];
  video: StoredVideo | null;
  pieces: StoredPieces | null;
  metadata: JsonObject | null;
  error: { code: string; message: string } | null;
}

/** The bytes that are processed, once they are safe. */
export interface Original {
  kind: MediaKind;
  contentType: string;
  bytes: number;
  sha256: string;
  originalKey: string;
}

export interface NewMedia {
  id: string;
  ownerId: string;
  tenant?: string | undefined;
  jobId: string;
  metadata: JsonObject | undefined;
  altText?: string | undefined;
  filters?: readonly FilterName[] | undefined;
  /** What there is of it: its bytes, or where they are. Absent for one that joins another one at once. */
  from?: Original | { source: MediaSource };
}

/** A media that is shown no more, and whether another one needs its bytes. */
export interface HiddenMedia {
  row: MediaRow;
  shared: boolean;
}

/** What a successful attempt made, and where it was published. */
export interface ReadyMedia extends ImageDescription {
  prefix: string;
  width: number;
  height: number;
  renditions: StoredRendition[];
  video?: StoredVideo;
}

/** Which of the media of an owner. */
export interface OwnersPage {
  ownerId: string;
  tenant: string | undefined;
  before: string | undefined;
  limit: number;
}

export const columns = `id, owner_id, kind, state, job_id, content_type, bytes, sha256, original_key, source, width, height,
  placeholder, dominant_colour, perceptual_hash, alt_text, filters, prefix, renditions, video, pieces, metadata, error`;

export const present = 'removed_at is null';

/** What a statement sets that shows what was made. Its parameters are `shownColumns`. */
export const setShown = `prefix = $2, width = $3, height = $4, placeholder = $5, renditions = $6, video = $7,
  dominant_colour = $8, perceptual_hash = ('x' || $9::text)::bit(256)`;

/** The parameters of such a statement, from the job's id to the perceptual hash. */
export function shownColumns(jobId: string, made: ReadyMedia) {
  const { prefix, width, height, placeholder, renditions, video, dominantColour, perceptualHash } = made;
  const size = [prefix, width, height, placeholder];
  const json = [JSON.stringify(renditions), video ? JSON.stringify(video) : null];
  return [jobId, ...size, ...json, dominantColour, perceptualHash];
}
