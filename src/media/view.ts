/** From a row to what the API shows: names become URLs. */
import type { MediaView } from '../contract/index.ts';
import type { MediaRow } from './store.ts';

/** URLs are absolute when `publicUrl` is given, else they start with `/files/`. */
export function viewOf(row: MediaRow, publicUrl: string | undefined): MediaView {
  const url = (name: string, prefix = row.prefix) => `${publicUrl?.replace(/\/$/, '') ?? ''}/files/${prefix}/${name}`;
  return {
    id: row.id,
    ownerId: row.owner_id,
    kind: row.kind,
    state: row.state,
    jobId: row.job_id,
    original: {
      contentType: row.content_type,
      bytes: row.bytes === null ? null : Number(row.bytes),
      width: row.width,
      height: row.height,
      sha256: row.sha256,
    },
    placeholder: row.placeholder,
    dominantColour: row.dominant_colour,
    perceptualHash: hexOf(row.perceptual_hash),
    altText: row.alt_text,
    renditions: row.renditions.map(({ prefix, ...rendition }) => ({ ...rendition, url: url(rendition.name, prefix) })),
    ...(row.video && {
      video: { durationMs: row.video.durationMs, hls: url(row.video.hls), poster: url(row.video.poster) },
    }),
    metadata: row.metadata,
    ...(row.error && { error: row.error }),
  };
}

/** From 256 binary digits to 64 hexadecimal ones. */
function hexOf(bits: string | null): string | null {
  return bits === null ? null : BigInt(`0b${bits}`).toString(16).padStart(64, '0');
}
