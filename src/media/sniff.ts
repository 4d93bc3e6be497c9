/** What an upload is, by its first bytes; names and declared types are never asked. */
import type { Readable } from 'node:stream';
import { fileTypeFromBuffer } from 'file-type';
import { type MediaKind, TwolaneError } from '../contract/index.ts';

export interface Sniffed {
  kind: MediaKind;
  contentType: string;
}

const accepted: Readonly<Record<string, Sniffed>> = {
  'image/jpeg': { kind: 'image', contentType: 'image/jpeg' },
  'image/png': { kind: 'image', contentType: 'image/png' },
  'image/apng': { kind: 'image', contentType: 'image/png' },
  'image/webp': { kind: 'image', contentType: 'image/webp' },
  'image/avif': { kind: 'image', contentType: 'image/avif' },
  'image/heic': { kind: 'image', contentType: 'image/heic' },
  'image/heic-sequence': { kind: 'image', contentType: 'image/heic' },
  'image/heif': { kind: 'image', contentType: 'image/heif' },
  'image/heif-sequence': { kind: 'image', contentType: 'image/heif' },
  'image/gif': { kind: 'image', contentType: 'image/gif' },
  'image/tiff': { kind: 'image', contentType: 'image/tiff' },
  'video/mp4': { kind: 'video', contentType: 'video/mp4' },
  'video/x-m4v': { kind: 'video', contentType: 'video/mp4' },
  'video/quicktime': { kind: 'video', contentType: 'video/quicktime' },
  'video/3gpp': { kind: 'video', contentType: 'video/3gpp' },
  'video/3gpp2': { kind: 'video', contentType: 'video/3gpp2' },
  'video/webm': { kind: 'video', contentType: 'video/webm' },
  'video/matroska': { kind: 'video', contentType: 'video/matroska' },
};

/** More than any of the accepted formats needs to be told from its neighbours. */
const headBytes = 4_100;

/**
 * Reads the head of a stream, says what it is and gives the whole stream back, head included.
 * @throws TwolaneError `unsupported_media`, `empty_file`
 */
export async function sniff(source: Readable): Promise<{ type: Sniffed; whole: AsyncGenerator<Buffer> }> {
  const rest = source[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  const head = await readHead(rest);
  if (head.length === 0) throw new TwolaneError('empty_file', 'The file is empty');
  return { type: await typeOf(head), whole: joined(head, rest) };
}

async function readHead(chunks: AsyncIterator<Buffer>): Promise<Buffer> {
  const parts: Buffer[] = [];
  for (let length = 0; length < headBytes; ) {
    const next = await chunks.next();
    if (next.done) break;
    parts.push(next.value);
    length += next.value.length;
  }
  return Buffer.concat(parts);
}

async function typeOf(head: Buffer): Promise<Sniffed> {
  // A TIFF's directory is often at its end, where file-type can't look; its four magic bytes have to do.
  const mime = (await fileTypeFromBuffer(head))?.mime ?? (isTiff(head) ? 'image/tiff' : undefined);
  const known = mime && accepted[mime];
  if (known) return known;
  const found = mime ? `This file is ${mime}` : 'The content of this file is none of them';
  throw new TwolaneError(
    'unsupported_media',
    `Send a photo (JPEG, HEIC, PNG, WebP, AVIF, GIF, TIFF) or a video (MP4, MOV, 3GP, WebM, MKV). ${found}`,
  );
}

function isTiff(head: Buffer): boolean {
  const magic = head.toString('latin1', 0, 4);
  return magic === 'II*\0' || magic === 'MM\0*';
}

async function* joined(head: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  try {
    yield head;
    for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}
