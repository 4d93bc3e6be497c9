/** The port of the file store: where uploaded bytes and renditions live. Keys are relative paths of our own making. */
import type { Readable } from 'node:stream';

export interface StoredFile {
  key: string;
  bytes: number;
  /** Hex. */
  sha256: string;
}

export interface OpenFile {
  bytes: number;
  /** Strong, quoted: usable as an ETag header. */
  etag: string;
  modifiedAt: Date;
  /** A stream of the bytes from `start` to `end`, both included; all of them by default. */
  stream(range?: { start: number; end: number }): Readable;
}

export interface FileStore {
  /**
   * Streams to the store and resolves once the bytes are safe (fsynced, folder included), with their hash.
   * Throws TwolaneError `too_large` beyond `maxBytes`, `disk_full` when there is no room; nothing is left behind then.
   */
  write(key: string, source: Readable, options: { maxBytes: number; signal?: AbortSignal }): Promise<StoredFile>;
  /** Undefined when there is no such file. */
  open(key: string): Promise<OpenFile | undefined>;
  /**
   * Gives a readable local path for the time of `work`; a remote store downloads to a private folder first.
   * @param options.shared others of this process will read the same file about now: they may share one download. Default false
   */
  withLocalFile<T>(key: string, work: (path: string) => Promise<T>, options?: { shared?: boolean }): Promise<T>;
  /** Makes a private folder for one job on the store's own disk and removes it afterwards, also on error. */
  withFolder<T>(work: (folder: string) => Promise<T>): Promise<T>;
  /** Publishes a finished local folder under `prefix`: fsynced, all of it or nothing; replaces what an earlier fence left. */
  publish(folder: string, prefix: string): Promise<StoredFile[]>;
  /** Removes every file whose key starts with `prefix` + `/`, or is `prefix`. Missing files are fine. */
  remove(prefix: string): Promise<void>;
  /**
   * Removes folders and unfinished files that nothing was written to for so long: a crash has left them behind.
   * Says how many, `limit` at most.
   */
  sweep(options: { olderThanMs: number; limit: number }): Promise<number>;
  /** Free bytes, undefined where the store has no such number. */
  freeBytes(): Promise<number | undefined>;
  /**
   * Lets somebody else write one file of exactly so many bytes under a key, without a way through this process.
   * Absent where the store has no such door.
   */
  presign?(key: string, options: { bytes: number; expiresS: number }): Promise<PresignedWrite>;
}

/** A PUT request that the store itself answers. */
export interface PresignedWrite {
  url: string;
  /** To be sent along as they are. */
  headers: Record<string, string>;
}
