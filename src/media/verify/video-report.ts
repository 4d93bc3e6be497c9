/** Reads ffprobe's report on a finished video and says what is not as announced. Pure. */
import { z } from 'zod';
import type { AnnouncedVideo } from './manifest.ts';

const tags = z.record(z.string(), z.string()).default({});

const stream = z.object({
  codec_type: z.string().optional(),
  codec_name: z.string().optional(),
  pix_fmt: z.string().optional(),
  width: z.number().optional(),
  height: z.number().optional(),
  sample_aspect_ratio: z.string().optional(),
  color_transfer: z.string().optional(),
  color_primaries: z.string().optional(),
  nb_read_packets: z.coerce.number().default(0),
  side_data_list: z.array(z.object({ side_data_type: z.string() })).default([]),
  tags,
});

export const videoReport = z.object({
  streams: z.array(stream).default([]),
  chapters: z.array(z.unknown()).default([]),
  format: z.object({ duration: z.coerce.number().default(0), tags }),
});

type VideoReport = z.output<typeof videoReport>;
type Stream = VideoReport['streams'][number];

/** Tags that containers write by themselves, with what they may say: what the file is, not where or by whom it was made. */
const structural: Readonly<Record<string, RegExp>> = {
  major_brand: /^/,
  minor_version: /^/,
  compatible_brands: /^/,
  language: /^/,
  vendor_id: /^/,
  handler_name: /^(VideoHandler|SoundHandler|)$/,
  encoder: /^Lav[cf]/,
  // Of playlists: the rate of a rung, the id of a representation, what a track is called.
  comment: /^sound$/,
  variant_bitrate: /^\d+$/,
  id: /^\w+$/,
};

/** The first thing that is wrong; undefined when all is as announced. */
export function whatIsWrong(report: VideoReport, meant: AnnouncedVideo): string | undefined {
  const pictures = report.streams.filter((each) => each.codec_type === 'video');
  const sounds = report.streams.filter((each) => each.codec_type === 'audio');
  const others = report.streams.length - pictures.length - sounds.length;
  if (others > 0) return `${others} streams that are neither pictures nor sound`;
  if (sounds.length !== meant.sounds) return `${sounds.length} sound tracks, not ${meant.sounds}`;
  const silent = sounds.find((each) => each.codec_name !== 'aac' || each.nb_read_packets === 0);
  if (silent) return `a sound track of ${silent.nb_read_packets} packets of ${silent.codec_name}`;
  const differs = Math.abs(report.format.duration - meant.durationS);
  // Playlists round to microseconds and MP4 to its time scale.
  if (differs > meant.frameS + 0.002) return `it lasts ${report.format.duration} s, not ${meant.durationS}`;
  return wrongPictures(pictures, meant) ?? wrongMetadata(report);
}

function wrongPictures(found: Stream[], { pictures }: AnnouncedVideo): string | undefined {
  if (found.length !== pictures.length) return `${found.length} rungs, not ${pictures.length}`;
  for (const meant of pictures) {
    const size = `${meant.width}x${meant.height}`;
    const one = found.find(({ width, height }) => `${width}x${height}` === size);
    if (!one) return `no rung of ${size}`;
    const wrong = wrongPicture(one) ?? wrongPixels(one, meant) ?? wrongFrames(one, meant.frames);
    if (wrong) return `${size}: ${wrong}`;
  }
  return undefined;
}

function wrongPicture(one: Stream): string | undefined {
  if (one.codec_name !== 'h264' || one.pix_fmt !== 'yuv420p') return `${one.codec_name} ${one.pix_fmt}`;
  if (/smpte2084|arib-std-b67/.test(one.color_transfer ?? '')) return `the transfer curve ${one.color_transfer}`;
  if (one.color_primaries === 'bt2020') return 'the colours of BT.2020';
  if (one.side_data_list.some((each) => /display ?matrix/i.test(each.side_data_type))) return 'it is not upright';
  return undefined;
}

/** Square, but for what makes up for sides that were rounded to even numbers. */
function wrongPixels(one: Stream, { width, height }: { width: number; height: number }): string | undefined {
  const [above = 1, below = 1] = (one.sample_aspect_ratio ?? '1:1').split(':').map(Number);
  const off = above === 0 ? 0 : Math.abs(above / below - 1);
  return off > 2 / Math.min(width, height) ? `pixels of ${one.sample_aspect_ratio}` : undefined;
}

function wrongFrames(one: Stream, frames: number | undefined): string | undefined {
  if (one.nb_read_packets === 0) return 'no frames';
  if (frames === undefined || one.nb_read_packets === frames) return undefined;
  return `${one.nb_read_packets} frames, not ${frames}`;
}

function wrongTags({ tags }: Pick<Stream, 'tags'>): string | undefined {
  const foreign = Object.entries(tags).filter(([name, value]) => !structural[name]?.test(value));
  return foreign.length > 0 ? `it holds metadata: ${foreign.map(([name]) => name).join(', ')}` : undefined;
}

function wrongMetadata({ streams, format, chapters }: VideoReport): string | undefined {
  if (chapters.length > 0) return 'it holds chapters';
  return [...streams, format].map(wrongTags).find((wrong) => wrong !== undefined);
}
