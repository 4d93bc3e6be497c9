/** GET /files/…: the published bytes, for anyone who has the link. Its 128 random bits are the key. */

import { pipeline } from 'node:stream/promises';
import type { Request, Response } from 'express';
import { z } from 'zod';
import type { OpenFile } from '../../contract/index.ts';
import { notFound, Problem } from '../../http/problem.ts';
import { type Call, route } from '../../http/route.ts';
import type { MediaDeps } from './media-routes.ts';

/** Only what is published has one of these shapes: originals and unfinished files have not. */
const published =
  /^media\/\d{1,19}\/\d+-[0-9a-f]{32}\/(?:video\/)?[A-Za-z0-9][A-Za-z0-9_-]*\.(webp|jpg|avif|m3u8|mpd|m4s|mp4|vtt)$/;

const contentTypes: Readonly<Record<string, string>> = {
  webp: 'image/webp',
  jpg: 'image/jpeg',
  avif: 'image/avif',
  m3u8: 'application/vnd.apple.mpegurl',
  mpd: 'application/dash+xml',
  m4s: 'video/iso.segment',
  mp4: 'video/mp4',
  vtt: 'text/vtt',
};

const headers = {
  // A key is written once and never again.
  'cache-control': 'public, max-age=31536000, immutable',
  'accept-ranges': 'bytes',
  'x-content-type-options': 'nosniff',
  'content-security-policy': "sandbox; default-src 'none'",
  'cross-origin-resource-policy': 'cross-origin',
} as const;

export function serveFile({ files }: MediaDeps) {
  return route({
    method: 'get',
    path: '/files/*key',
    tag: 'Media',
    summary: 'The bytes of a rendition, a playlist or a segment',
    access: 'open',
    params: z.object({ key: z.array(z.string()) }),
    answer: { status: 200, description: 'The bytes; 206 for a range.', contentType: 'application/octet-stream' },
    async handle({ params, req, res }: Call<{ key: string[] }>) {
      const key = params.key.join('/');
      const type = contentTypes[published.exec(key)?.[1] ?? ''];
      const file = type ? await files.open(key) : undefined;
      if (!type || !file) throw notFound('file');
      res.set({ ...headers, 'content-type': type, etag: file.etag, 'last-modified': file.modifiedAt.toUTCString() });
      if (req.fresh) res.status(304).end();
      else await send(req, res, file);
      return 'streamed';
    },
  });
}

async function send(req: Request, res: Response, file: OpenFile): Promise<void> {
  const range = rangeOf(req, file);
  const bytes = range ? range.end - range.start + 1 : file.bytes;
  res.status(range ? 206 : 200).set('content-length', String(bytes));
  if (range) res.set('content-range', `bytes ${range.start}-${range.end}/${file.bytes}`);
  if (req.method === 'HEAD' || bytes === 0) return void res.end();
  try {
    await pipeline(file.stream(range), res);
  } catch (error) {
    // A player that seeks hangs up in the middle of a segment; that is no error.
    if ((error as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
  }
}

/**
 * The one range that is asked for; undefined means all of the file, which RFC 9110 allows for several or odd ranges.
 * @throws Problem 416 `range_not_satisfiable`
 */
function rangeOf(req: Request, file: OpenFile): { start: number; end: number } | undefined {
  const condition = req.get('if-range');
  if (condition !== undefined && condition !== file.etag) return undefined;
  const ranges = req.range(file.bytes);
  if (ranges === -1) {
    const detail = `The file has ${file.bytes} bytes.`;
    throw new Problem(416, 'range_not_satisfiable', 'Range not satisfiable', detail, {
      headers: { 'content-range': `bytes */${file.bytes}` },
    });
  }
  if (!Array.isArray(ranges) || ranges.length !== 1 || ranges.type !== 'bytes') return undefined;
  return ranges[0];
}
