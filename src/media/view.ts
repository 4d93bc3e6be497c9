/** From a row to what the API shows: names become URLs. */
import type { MediaView, VideoView } from '../contract/index.ts';
import type { MediaRow, StoredVideo } from './store.ts';

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
    ...(row.video && { video: { ...videoOf(row.video, url), ...encodingOf(row) } }),
    metadata: row.metadata,
    ...(row.error && { error: row.error }),
  };
}

/** From 256 binary digits to 64 hexadecimal ones. */
function hexOf(bits: string | null): string | null {
  return bits === null ? null : BigInt(`0b${bits}`).toString(16).padStart(64, '0');
}

function videoOf(video: StoredVideo, url: (name: string) => string): VideoView {
  const { poster, hls, dash, mp4, storyboard, subtitles, ...facts } = video;
  return {
    ...facts,
    poster: url(poster),
    ...(hls && { hls: url(hls) }),
    ...(dash && { dash: url(dash) }),
    ...(mp4 && { mp4: url(mp4) }),
    ...(storyboard && { storyboard: url(storyboard) }),
    subtitles: subtitles.map(({ language, file }) => ({ language, url: url(file) })),
  };
}

/** While pieces are encoded: how far each rung is. */
function encodingOf({ state, pieces }: MediaRow): Pick<VideoView, 'encoding'> {
  if (state !== 'processing' || !pieces?.rungs) return {};
  const { rungs, doneS, durationS } = pieces;
  const percent = (stage: 'first' | 'rest') => Math.min(100, Math.round(((doneS[stage] ?? 0) / durationS) * 100));
  return {
    encoding: (['first', 'rest'] as const).flatMap((stage) =>
      rungs[stage].map((name) => ({ name, percent: percent(stage) })),
    ),
  };
}
