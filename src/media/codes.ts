/** Why a photo or video failed: every code that its owner may see, and what it tells them. Nothing else reaches an owner. */
import type { Queryable } from '../contract/index.ts';

interface Meaning {
  /** For the owner of the file: what is wrong and what to do. No names of machines, programs or files. */
  sentence: string;
  /**
   * True when the same bytes end the same way as long as the pipeline is the same: they are not tried again. Not for limits,
   * which an operator may change and which are found out cheaply.
   */
  poison?: true;
}

const damagedImage = 'The image is damaged or incomplete. Export it again and send the new file.';
const damagedVideo = 'The video is damaged, or holds no pictures. Export it again and send the new file.';
const ours = 'The fault is here, not in your file. Whoever runs this service can see why, and try again.';

const meanings = {
  invalid_image: { sentence: damagedImage, poison: true },
  unsupported_format: { sentence: 'The picture is of a kind that is not taken. Export it as JPEG.', poison: true },
  heic_unsupported: { sentence: 'HEIC photos of this kind are not taken here. Export it as JPEG.' },
  too_many_bytes: { sentence: 'The picture has more bytes than pictures may have here. Send a smaller one.' },
  side_too_long: { sentence: 'The picture is wider or higher than pictures may be here. Send a smaller one.' },
  too_many_frames: { sentence: 'The animation has more frames than animations may have here. Send a shorter one.' },
  too_many_channels: { sentence: 'The picture has more colour channels than can be shown. Export it as JPEG.' },
  too_many_pixels: { sentence: 'The picture is larger than pictures may be here. Send a smaller one.' },
  image_crashed: { sentence: 'The image could not be opened safely. Export it again as JPEG.', poison: true },
  image_too_costly: {
    sentence: 'The image needs more memory than an image may use. Send a smaller one.',
    poison: true,
  },
  image_timed_out: { sentence: 'The image took too long to open. Send a smaller one.', poison: true },
  image_failed: { sentence: `The image could not be made ready. ${ours}` },
  invalid_video: { sentence: damagedVideo, poison: true },
  no_video: { sentence: 'The file holds sound and no pictures.', poison: true },
  incomplete_video: { sentence: 'The video ends before its end. Send it again, all of it.', poison: true },
  unsupported_codec: {
    sentence: 'The video is in a format that is not taken. Export it as H.264 or HEVC.',
    poison: true,
  },
  too_long: { sentence: 'The video is longer than videos may be here.' },
  too_many_streams: { sentence: 'The video holds more tracks than videos may here.' },
  video_stalled: { sentence: 'The video could not be converted: no progress any more.', poison: true },
  ffmpeg_failed: { sentence: 'The video could not be converted. Export it again as MP4.', poison: true },
  ffmpeg_missing: { sentence: `Videos can not be converted at the moment. ${ours}` },
  unexpected_output: { sentence: `What was made of the file was not right, so it is not shown. ${ours}` },
  crash_loop: { sentence: 'The file could not be processed: opening it ended the program three times.', poison: true },
  timed_out: { sentence: 'The file took too long to process.', poison: true },
  unsupported_media: { sentence: 'The file is neither a photo nor a video of a kind that is taken.' },
  empty_file: { sentence: 'The file is empty.' },
  too_large: { sentence: 'The file is larger than files may be here.' },
  checksum_mismatch: { sentence: 'The bytes that came are not those that were announced. Send the file again.' },
  quota_exceeded: { sentence: 'There is no room left for your photos and videos. Remove some first.' },
  source_missing: { sentence: 'There is no file at the address that was given.' },
  source_unavailable: { sentence: 'The address that was given did not answer as it should.' },
  url_refused: { sentence: 'Files are not fetched from the address that was given.' },
  too_many_redirects: { sentence: 'The address that was given leads on and on.' },
  file_missing: { sentence: `The file is gone. ${ours}` },
  disk_full: { sentence: `There is no room left. ${ours}` },
  cancelled: { sentence: 'The processing was cancelled.' },
  processing_failed: { sentence: `The file could not be processed. ${ours}` },
} as const satisfies Readonly<Record<string, Meaning>>;

export type MediaCode = keyof typeof meanings;

export const mediaCodes: Readonly<Record<MediaCode, Meaning>> = meanings;

export function isMediaCode(code: string): code is MediaCode {
  return code in mediaCodes;
}

/** Writes the list to where the functions of the database look it up; the newest call decides. */
export async function registerMediaCodes(database: Queryable): Promise<void> {
  const rows = Object.entries(mediaCodes).map(([code, { sentence, poison = false }]) => ({ code, sentence, poison }));
  await database.query(
    `insert into twolane.media_codes select * from json_populate_recordset(null::twolane.media_codes, $1)
     on conflict (code) do update set sentence = excluded.sentence, poison = excluded.poison
     where (media_codes.sentence, media_codes.poison) is distinct from (excluded.sentence, excluded.poison)`,
    [JSON.stringify(rows)],
  );
}
