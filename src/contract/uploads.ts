/** Uploads that come in pieces or past us: a file is sent in parts and resumed, or straight to the bucket, and becomes a media then. */
import type { Readable } from 'node:stream';
import type { MediaUpload } from './media.ts';
import type { JsonObject } from './words.ts';

/** An upload under way, or one that became a media a short while ago. */
export interface PartialUpload {
  id: string;
  ownerId: string;
  tenant: string | null;
  /** Of the whole file. */
  bytes: number;
  /** So many are safe. */
  received: number;
  /** As the client gave it, never interpreted. */
  metadata: JsonObject | null;
  mediaId: string | null;
  createdAt: Date;
}

export interface UploadLock {
  /**
   * Waits until nobody else has it, in this process or another, and asks who has it to let go.
   * @param onWanted called when somebody else wants it, or has it by now
   * @throws TwolaneError `upload_locked` when it is still held after 20 s
   */
  take(signal: AbortSignal, onWanted: () => void): Promise<void>;
  release(): Promise<void>;
}

export interface PresignedUpload {
  method: 'PUT';
  url: string;
  /** To be sent along as they are. */
  headers: Record<string, string>;
  key: string;
  expiresAt: Date;
}

/** Whose upload it is, how long, and what goes along. */
export type NewPartialUpload = Pick<MediaUpload, 'ownerId' | 'tenant' | 'metadata' | 'altText' | 'filters'> & {
  bytes: number;
  /** Of the whole file, hex. What arrives otherwise fails with `checksum_mismatch`. */
  sha256?: string | undefined;
};

export interface MediaUploads {
  /** How long an unfinished upload is kept, seconds. */
  readonly expiresS: number;
  newId(): string;
  /** Throws TwolaneError `quota_exceeded`, `too_many_uploads`, `too_large`. */
  create(id: string, upload: NewPartialUpload): Promise<void>;
  /** Undefined when there is none, or its time is over. */
  find(id: string): Promise<PartialUpload | undefined>;
  /**
   * Writes what comes to the end of the upload. What is safe when the source breaks is kept, unless there is a checksum.
   * Answers how far the upload is then.
   * Throws TwolaneError `upload_conflict` when it does not end at `from` any more, `checksum_mismatch`, `too_many_parts`,
   * `disk_full`, `not_found`, or what the source broke with.
   */
  append(id: string, from: number, source: Readable, checksum?: { algorithm: string; base64: string }): Promise<number>;
  /**
   * Makes a media of a complete upload; the same one however often it is asked for.
   * Throws TwolaneError `unsupported_media`, `empty_file`, after which the upload is gone, `upload_incomplete`, `not_found`.
   */
  finish(id: string): Promise<{ id: string; jobId: string }>;
  /** Removes an unfinished upload with all that came. */
  end(id: string): Promise<void>;
  lock(id: string): UploadLock;
  /** A door into the bucket for one file. Throws TwolaneError `no_bucket`, `quota_exceeded`, `too_many_uploads`, `too_large`. */
  presign(upload: NewPartialUpload): Promise<PresignedUpload>;
  /** What was sent through a door of this owner, and tenant where it is given, becomes a media. Throws as `finish` does. */
  handOver(key: string, by: Pick<MediaUpload, 'ownerId' | 'tenant'>): Promise<{ id: string; jobId: string }>;
  /** Removes what was abandoned and what crashes left behind, so many things of each kind at most. Says how many. */
  collect(limit: number): Promise<Record<string, number>>;
}
