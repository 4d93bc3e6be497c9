/** Reads ffprobe's report and decides whether the video is one that we take. Pure. */
import { z } from 'zod';
import { NonRetryableError } from '../../contract/index.ts';

export interface VideoInfo {
  videoIndex: number;
  /** As ffmpeg calls it: `h264`, `hevc`, … */
  codec: string;
  /** Undefined: silent. */
  audio: { index: number; codec: string } | undefined;
  /** Tracks of text; languages as ISO 639, `und` where none is told. */
  subtitles: { index: number; language: string }[];
  /** As shown: square pixels, after the rotation. */
  width: number;
  height: number;
  durationS: number;
  /** Frames in a second on average; 0 when unknown. */
  fps: number;
  /** Of pictures and sound, bits per second; 0 when unknown. */
  bitrate: number;
  /** `hdr` is PQ or HLG and needs tone mapping, `wide` has the colours of BT.2020 without it. */
  colour: 'sdr' | 'hdr' | 'wide';
  /** The matrix to assume where the file tells none. */
  untaggedMatrix: 'bt709' | 'smpte170m' | undefined;
  /** Why players could not be given the file as it is; see `nonStandard`. */
  oddities: string[];
  /** Where its pictures fit the largest rung as they are: how many frames, and the times of all keyframes, seconds. */
  asIs?: { frames: number; keysS: readonly number[] } | undefined;
}

export interface VideoLimits {
  maxDurationS: number;
  /** Of one frame. */
  maxPixels: number;
  maxStreams: number;
}

const sideData = z.object({
  rotation: z.number().optional(),
  displaymatrix: z.string().optional(),
  dv_profile: z.number().optional(),
  dv_bl_signal_compatibility_id: z.number().optional(),
});

const stream = z.object({
  index: z.number(),
  codec_type: z.string().optional(),
  codec_name: z.string().optional(),
  width: z.number().optional(),
  height: z.number().optional(),
  duration: z.coerce.number().optional(),
  start_time: z.coerce.number().optional(),
  nb_frames: z.coerce.number().optional(),
  sample_aspect_ratio: z.string().optional(),
  avg_frame_rate: z.string().optional(),
  r_frame_rate: z.string().optional(),
  color_transfer: z.string().optional(),
  color_primaries: z.string().optional(),
  color_space: z.string().optional(),
  color_range: z.string().optional(),
  profile: z.string().optional(),
  level: z.number().optional(),
  bit_rate: z.coerce.number().optional(),
  field_order: z.string().optional(),
  pix_fmt: z.string().optional(),
  disposition: z.object({ attached_pic: z.number().optional(), default: z.number().optional() }).optional(),
  tags: z.object({ language: z.string().optional() }).optional(),
  side_data_list: z.array(sideData).default([]),
});

export const probeReport = z.object({
  streams: z.array(stream).default([]),
  format: z
    .object({
      format_name: z.string().optional(),
      duration: z.coerce.number().optional(),
      start_time: z.coerce.number().optional(),
      bit_rate: z.coerce.number().optional(),
    })
    .default({}),
});

export type ProbeReport = z.output<typeof probeReport>;
export type ProbedStream = z.output<typeof stream>;

const videoCodecs = new Set('h264 hevc mpeg4 av1 vp8 vp9 prores mjpeg h263 mpeg2video'.split(' '));
const audioCodecs = /^(aac|mp3|mp2|ac3|eac3|alac|opus|vorbis|flac|amr_nb|amr_wb|pcm_[a-z0-9]+)$/;
const textCodecs = new Set('mov_text subrip webvtt ass'.split(' '));
/** Tracks of text that are taken along. */
const maxSubtitles = 8;

/** @throws NonRetryableError with the reason, in words for the owner of the video */
export function readReport(report: ProbeReport, limits: VideoLimits): VideoInfo {
  const video = checked(report, limits);
  const durationS = video.duration || report.format.duration || 0;
  if (durationS > limits.maxDurationS)
    refuse('too_long', `The video lasts ${Math.ceil(durationS)} s, the limit is ${limits.maxDurationS} s`);
  return {
    videoIndex: video.index,
    codec: video.codec_name,
    audio: soundOf(report.streams),
    subtitles: report.streams.filter(isText).slice(0, maxSubtitles).map(languageOf),
    ...shownSize(video),
    durationS,
    fps: ratio(video.avg_frame_rate) || ratio(video.r_frame_rate),
    bitrate: report.format.bit_rate ?? 0,
    colour: colourOf(video),
    untaggedMatrix: matrixOf(video),
    oddities: [],
  };
}

type Picture = ProbedStream & { width: number; height: number; codec_name: string };

/** The stream of pictures, if it is one that we take. */
function checked({ streams }: ProbeReport, limits: VideoLimits): Picture {
  if (streams.length > limits.maxStreams)
    refuse('too_many_streams', `The video has ${streams.length} streams, the limit is ${limits.maxStreams}`);
  const video = pictureOf(streams);
  if (!video && streams.some((each) => each.codec_type === 'audio'))
    refuse('no_video', 'The file holds sound and no pictures');
  if (!video?.width || !video.height) return refuse('invalid_video', 'The file holds no video that can be read');
  if (!videoCodecs.has(video.codec_name ?? ''))
    refuse('unsupported_codec', `Videos in ${video.codec_name ?? 'this codec'} are not taken; H.264 and HEVC are`);
  if (video.side_data_list.some((each) => each.dv_profile !== undefined && each.dv_bl_signal_compatibility_id === 0))
    refuse('unsupported_codec', 'This kind of Dolby Vision holds no picture that other players can show');
  if (video.width * video.height > limits.maxPixels)
    refuse('too_many_pixels', `A frame has ${video.width * video.height} pixels, the limit is ${limits.maxPixels}`);
  return video as Picture;
}

/** The first stream of moving pictures; cover art is none. */
export function pictureOf(streams: readonly ProbedStream[]): ProbedStream | undefined {
  return streams.find((each) => each.codec_type === 'video' && each.disposition?.attached_pic !== 1);
}

/** Of several tracks the one that the file prefers, else the first. */
function soundOf(streams: readonly ProbedStream[]): VideoInfo['audio'] {
  const readable = streams.filter((each) => each.codec_type === 'audio' && audioCodecs.test(each.codec_name ?? ''));
  const chosen = readable.find((each) => each.disposition?.default === 1) ?? readable[0];
  return chosen && { index: chosen.index, codec: chosen.codec_name ?? '' };
}

function isText(each: ProbedStream): boolean {
  return each.codec_type === 'subtitle' && textCodecs.has(each.codec_name ?? '');
}

function languageOf({ index, tags }: ProbedStream) {
  const language = tags?.language?.toLowerCase() ?? '';
  return { index, language: /^[a-z]{2,3}$/.test(language) ? language : 'und' };
}

function colourOf(video: ProbedStream): VideoInfo['colour'] {
  if (video.color_transfer === 'smpte2084' || video.color_transfer === 'arib-std-b67') return 'hdr';
  return video.color_primaries === 'bt2020' && video.color_space?.startsWith('bt2020') ? 'wide' : 'sdr';
}

/** As players assume: HD is BT.709. */
function matrixOf({ color_space, height = 0, width = 0 }: ProbedStream): VideoInfo['untaggedMatrix'] {
  if (color_space !== undefined && color_space !== 'unknown' && color_space !== 'reserved') return undefined;
  return Math.min(width, height) >= 720 ? 'bt709' : 'smpte170m';
}

/** Degrees by which a player turns the picture, counter-clockwise; 0 when upright. */
export function rotationOf(video: ProbedStream): number {
  return video.side_data_list.find((each) => each.rotation !== undefined)?.rotation ?? 0;
}

/** Applies the sample aspect ratio, then the display matrix. */
function shownSize(video: Picture) {
  const { height } = video;
  const width = Math.max(1, Math.round(video.width * (ratio(video.sample_aspect_ratio) || 1)));
  return Math.abs(Math.round(rotationOf(video) / 90)) % 2 === 1 ? { width: height, height: width } : { width, height };
}

/** `30000/1001` or `4:3` as a number; 0 for anything that is none. */
export function ratio(text: string | undefined): number {
  const [above, below] = (text ?? '').split(/[/:]/).map(Number);
  const value = (above ?? 0) / (below ?? 0);
  return Number.isFinite(value) ? value : 0;
}

function refuse(code: string, message: string): never {
  throw new NonRetryableError(message, { code });
}
