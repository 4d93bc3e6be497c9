/** A photo or video as the API shows it, and the port through which products look media up. */
import type { Readable } from 'node:stream';
import { TwolaneError } from './errors.ts';
import type { Page, PageRequest } from './page.ts';
import type { FilterName, Pictures } from './pictures.ts';
import type { JsonObject } from './words.ts';

export interface Rendition {
  /** `640.webp` and the like: unique within its media. */
  name: string;
  format: 'webp' | 'jpeg' | 'avif' | 'png' | 'mp4';
  width: number;
  height: number;
  bytes: number;
  /** Cut to this shape; absent: the whole picture. */
  crop?: 'square';
  /** The look that it was given; absent: as it came. */
  filter?: FilterName;
  /** Of what moves; absent: one. */
  frames?: number;
  url: string;
}

export interface VideoRung {
  /** By its short side: `720p`. */
  name: string;
  width: number;
  height: number;
  /** Of its pictures on average, bits per second. */
  bitrate: number;
}

/** How a video plays. All but the duration and the reasons are URLs. */
export interface VideoView {
  durationMs: number;
  /** JPEG. */
  poster: string;
  /** Playlists and manifest over the same segments. This and what follows is missing while it is not made yet. */
  hls?: string;
  dash?: string;
  /** The largest rung as one file. */
  mp4?: string;
  /** WebVTT over a sheet of small pictures. */
  storyboard?: string;
  /** The smallest first. */
  rungs: VideoRung[];
  /** While a video is processed that can be watched in part: how much of each rung is encoded, 0 to 100. */
  encoding?: { name: string; percent: number }[];
  /** WebVTT; languages as ISO 639, `und` where the file told none. */
  subtitles: { language: string; url: string }[];
  /** Why players could not be given the upload as it is: `video_codec`, `rotation`, `hdr`, …; empty for none. */
  whyNotStandard: string[];
}

/** What would be made of a video. */
export interface PlannedVideo {
  /** As shown, pixels. */
  width: number;
  height: number;
  durationMs: number;
  /** The smallest first. */
  rungs: Omit<VideoRung, 'bitrate'>[];
  /** Of one core, estimated. */
  cpuMs: number;
  /** How many jobs would share the work. */
  jobs: number;
  whyNotStandard: string[];
}

export type MediaKind = 'image' | 'video';

export interface MediaView {
  id: string;
  ownerId: string;
  /** Null until its bytes have come, for one that was handed over by URL or key. */
  kind: MediaKind | null;
  state: 'processing' | 'ready' | 'failed';
  jobId: string;
  /** Nulls until its bytes have come; the size in pixels is known once it was decoded. */
  original: {
    contentType: string | null;
    bytes: number | null;
    width: number | null;
    height: number | null;
    sha256: string | null;
  };
  /** Thumbhash, base64; null until the media is ready. */
  placeholder: string | null;
  /** `#rrggbb`; null until the media is ready. */
  dominantColour: string | null;
  /** PDQ, 64 hexadecimal digits; null until the media is ready, and where there is too little to see. */
  perceptualHash: string | null;
  /** For those who can't see it; by its owner. */
  altText: string | null;
  renditions: Rendition[];
  video?: VideoView;
  metadata: JsonObject | null;
  error?: { code: string; message: string };
}

export interface MediaReader {
  /** Those of the ids that exist, in the order asked. */
  views(ids: readonly string[]): Promise<MediaView[]>;
}

/** Who uploads, and what they want to find again beside the media. */
export interface MediaUpload {
  ownerId: string;
  /** Echoed in answers and webhooks, never interpreted. */
  metadata?: JsonObject;
  /** For those who can't see it, up to 1,500 characters. */
  altText?: string | undefined;
  /** Looks that a photo gets beside what every photo gets; a video gets none. */
  filters?: readonly FilterName[] | undefined;
  /** Of the API key that hands it in. */
  tenant?: string;
  /** How many bytes will come, at most. It counts in the quotas until they have; default: as many as an upload may have. */
  bytes?: number | undefined;
  /** What the sender says of the bytes, hex; known before the first byte or only after the last one. */
  sha256?: string | undefined | (() => string | undefined);
  /** Aborting it while bytes arrive leaves nothing behind. */
  signal?: AbortSignal;
}

/** Where bytes are: at a URL, in the file store under `incoming/`, or in an upload that is complete. */
export type MediaSource = { url: string } | { key: string } | { upload: string };

/** A content that failed for what it is, and is not tried again by the same version of the pipeline. */
export interface PoisonRecord {
  sha256: string;
  kind: MediaKind;
  /** The version that it failed with; `outdated` when there is a newer one by now, which may be tried. */
  pipeline: number;
  outdated: boolean;
  code: string;
  message: string;
  /** How many times media of this content have failed. */
  failures: number;
  /** The latest one. */
  mediaId: string;
  jobId: string;
  firstAt: string;
  lastAt: string;
}

export interface PoisonFilter {
  kind?: MediaKind | undefined;
  code?: string | undefined;
  sha256?: string | undefined;
  outdated?: boolean | undefined;
}

export interface PoisonRecords {
  /** The newest first. Throws TwolaneError `invalid_cursor`. */
  list(filter: PoisonFilter, page: PageRequest): Promise<Page<PoisonRecord>>;
  /**
   * Which dead jobs to redrive so that the contents of outdated records are tried again, and nothing else: up to `mostIds`, of the
   * oldest records first; with `sha256` that one content alone. Undefined when there are none.
   */
  rerun(what: {
    kind: MediaKind;
    code: string;
    sha256?: string | undefined;
  }): Promise<{ type: string; ids: string[] } | undefined>;
}

/** The same bytes failed before, for what they are; `code` and message are those of that time. */
export class MediaRefusedError extends TwolaneError {}

/** What the API does with media. */
export interface MediaService extends MediaReader {
  /**
   * Streams an upload to the file store and enqueues its processing; resolves once the bytes are safe.
   * The same bytes from the same owner again become a media of their own that shares the file and the processing.
   * Throws TwolaneError `unsupported_media` (by content, never by name), `empty_file`, `too_large`, `disk_full`,
   * `checksum_mismatch`, `quota_exceeded`, `too_many_uploads`, `upload_expired`; MediaRefusedError for bytes that
   * failed before. Nothing is left behind then.
   */
  accept(source: Readable, upload: MediaUpload): Promise<{ id: string; jobId: string }>;
  /**
   * Takes bytes over that lie elsewhere: a job fetches them, another one processes them.
   * Throws TwolaneError `url_refused`, `source_missing`.
   */
  handOver(
    source: MediaSource,
    upload: Pick<MediaUpload, 'ownerId' | 'tenant' | 'metadata' | 'altText' | 'filters'>,
  ): Promise<{ id: string; jobId: string }>;
  readonly poison: PoisonRecords;
  readonly pictures: Pictures;
  /**
   * Has a worker look at a video, of the owner or elsewhere; the job's result is a PlannedVideo.
   * Throws TwolaneError `url_refused`, `source_missing`.
   */
  plan(
    wanted: { mediaId: string } | { source: MediaSource },
    upload: Pick<MediaUpload, 'ownerId' | 'tenant'>,
  ): Promise<{ jobId: string }>;
  view(id: string): Promise<MediaView | undefined>;
  /** Of the key that handed it in; null for none, undefined for an id that does not exist. */
  tenantOf(id: string): Promise<string | null | undefined>;
  /** The owner's media, with a tenant those of its keys, the newest first. Throws TwolaneError `invalid_cursor`. */
  page(ownerId: string, page: PageRequest & { tenant?: string }): Promise<Page<MediaView>>;
  /** Removes the media and all its bytes, cancels its job. False when the owner has no such media. */
  remove(id: string, ownerId: string): Promise<boolean>;
}
