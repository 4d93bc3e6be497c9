/** Writing to the end of an upload: what comes is cut into parts, each safe in the file store before the row counts it. */
import { createHash, randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { type FileStore, TwolaneError } from '../../contract/index.ts';
import { partsFolder } from './parts.ts';
import type { UploadPart, UploadRow, UploadStore } from './store.ts';

export interface AppendParts {
  files: FileStore;
  store: UploadStore;
}

export interface Checksum {
  /** `sha1`, `sha256` and the like. */
  algorithm: string;
  base64: string;
}

/** When a connection breaks, at most so much was sent in vain. */
const partBytes = 32 * 1024 * 1024;
/** Clients that send in tiny pieces would make a row of endless length. */
const mostParts = 10_000;

/** What comes, cut into pieces; and what ended it, if that was not its end. */
class Pieces {
  broken: { error: unknown } | undefined;
  over = false;
  readonly #chunks: AsyncIterator<Buffer>;
  #next: Buffer | undefined;

  constructor(source: Readable) {
    this.#chunks = source[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  }

  /** Whether there is anything to begin another piece with. */
  async more(): Promise<boolean> {
    while (this.#next === undefined && !this.over) {
      try {
        const { done, value } = await this.#chunks.next();
        if (done) this.over = true;
        else if (value.length > 0) this.#next = value;
      } catch (error) {
        this.broken = { error };
        this.over = true;
      }
    }
    return this.#next !== undefined;
  }

  /** Ends where the source ends or breaks: what has come so far is kept. */
  async *piece(seen: (chunk: Buffer) => void): AsyncGenerator<Buffer> {
    for (let bytes = 0; bytes < partBytes && (await this.more()); ) {
      const chunk = this.#next as Buffer;
      this.#next = undefined;
      bytes += chunk.length;
      seen(chunk);
      yield chunk;
    }
  }
}

/** See `MediaUploads.append`. */
export async function append(
  { files, store }: AppendParts,
  row: UploadRow,
  from: number,
  source: Readable,
  checksum?: Checksum,
): Promise<number> {
  const pieces = new Pieces(source);
  const hash = checksum && createHash(checksum.algorithm);
  const waiting: UploadPart[] = [];
  let written = from;
  let counted = from;
  const count = async () => {
    if (!(await store.append(row.id, counted, waiting))) throw conflict();
    counted = written;
    waiting.length = 0;
  };
  try {
    while (await pieces.more()) {
      if (row.parts.length + waiting.length >= mostParts) throw tooManyParts();
      const key = `${partsFolder(row.id)}/${written}-${randomBytes(8).toString('hex')}`;
      const piece = Readable.from(
        pieces.piece((chunk) => hash?.update(chunk)),
        { objectMode: false },
      );
      const { bytes } = await files.write(key, piece, { maxBytes: Number(row.bytes) - written });
      waiting.push({ key, bytes });
      written += bytes;
      if (!checksum) await count();
    }
    // With a checksum it is all or nothing: half of it can't be checked.
    if (checksum && pieces.broken) throw pieces.broken.error;
    if (checksum && hash?.digest('base64') !== checksum.base64) throw mismatch();
    if (waiting.length > 0) await count();
  } catch (error) {
    for (const { key } of waiting) await files.remove(key);
    throw error;
  }
  if (pieces.broken) throw pieces.broken.error;
  return counted;
}

const conflict = () =>
  new TwolaneError(
    'upload_conflict',
    'The upload does not end there any more; ask where it stands, then go on from there',
  );

const tooManyParts = () =>
  new TwolaneError('too_many_parts', `An upload may come in ${mostParts} pieces at most; send larger ones`);

const mismatch = () =>
  new TwolaneError('checksum_mismatch', 'The bytes that came are not those of the checksum; send them again');
