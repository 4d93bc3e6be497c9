/** Reads ffprobe's report and decides whether the video is one that we take. Pure. */
import { z } from 'zod';
import { NonRetryableError } from '../../contract/index.ts';

export interface VideoInfo {
  videoIndex: number;
  /** Undefined: silent. */
  audioIndex: number | undefined;
  /** As shown: square pixels, after the rotation. */
  width: number;
  height: number;
  durationS: number;
  /** The higher of the average and the declared rate, so a variable or absurd one is seen; 0 when unknown. */
  fps: number;
  /** PQ or HLG: needs tone mapping. */
  hdr: boolean;
}

export interface VideoLimits {
  maxDurationS: number;
  /** Of one frame. */
  maxPixels: number;
  maxStreams: number;
}

const stream = z.object({
  index: z.number(),
  codec_type: z.string().optional(),
  codec_name: z.string().optional(),
  width: z.number().optional(),
  height: z.number().optional(),
  duration: z.coerce.number().optional(),
  sample_aspect_ratio: z.string().optional(),
  avg_frame_rate: z.string().optional(),
  r_frame_rate: z.string().optional(),
  color_transfer: z.string().optional(),
  pix_fmt: z.string().optional(),
  disposition: z.object({ attached_pic: z.number().optional() }).optional(),
  side_data_list: z.array(z.object({ rotation: z.number().optional() })).optional(),
});

export const probeReport = z.object({
  streams: z.array(stream).default([]),
  format: z.object({ duration: z.coerce.number().optional() }).default({}),
});

export type ProbeReport = z.output<typeof probeReport>;
type Stream = z.output<typeof stream>;

const videoCodecs = new Set(['h264', 'hevc', 'mpeg4', 'av1', 'vp9', 'prores', 'mjpeg', 'h263']);
const audioCodecs = /^(aac|mp3|ac3|eac3|alac|opus|flac|amr_nb|amr_wb|pcm_[a-z0-9]+)$/;

/** @throws NonRetryableError with the reason, in words for the owner of the video */
export function readReport(report: ProbeReport, limits: VideoLimits): VideoInfo {
  if (report.streams.length > limits.maxStreams)
    refuse('too_many_streams', `The video has ${report.streams.length} streams, the limit is ${limits.maxStreams}`);
  const video = report.streams.find(isPicture);
  if (!video?.width || !video.height) return refuse('invalid_video', 'The file holds no video that can be read');
  if (!videoCodecs.has(video.codec_name ?? ''))
    refuse('unsupported_codec', `Videos in ${video.codec_name ?? 'this codec'} are not taken; H.264 and HEVC are`);
  const durationS = video.duration ?? report.format.duration ?? 0;
  if (!(durationS > 0)) refuse('invalid_video', 'The video has no duration');
  if (durationS > limits.maxDurationS)
    refuse('too_long', `The video lasts ${Math.ceil(durationS)} s, the limit is ${limits.maxDurationS} s`);
  if (video.width * video.height > limits.maxPixels)
    refuse('too_many_pixels', `A frame has ${video.width * video.height} pixels, the limit is ${limits.maxPixels}`);
  return {
    videoIndex: video.index,
    audioIndex: report.streams.find(isSound)?.index,
    ...shownSize(video, video.width, video.height),
    durationS,
    fps: Math.max(ratio(video.avg_frame_rate), ratio(video.r_frame_rate)),
    hdr: video.color_transfer === 'smpte2084' || video.color_transfer === 'arib-std-b67',
  };
}

function isPicture(each: Stream): boolean {
  return each.codec_type === 'video' && each.disposition?.attached_pic !== 1;
}

function isSound(each: Stream): boolean {
  return each.codec_type === 'audio' && audioCodecs.test(each.codec_name ?? '');
}

/** Applies the sample aspect ratio, then the display matrix. */
function shownSize(video: Stream, codedWidth: number, height: number) {
  const width = Math.max(1, Math.round(codedWidth * (ratio(video.sample_aspect_ratio) || 1)));
  const rotation = video.side_data_list?.find((each) => each.rotation !== undefined)?.rotation ?? 0;
  return Math.abs(Math.round(rotation / 90)) % 2 === 1 ? { width: height, height: width } : { width, height };
}

/** `30000/1001` or `4:3` as a number; 0 for anything that is none. */
function ratio(text: string | undefined): number {
  const [above, below] = (text ?? '').split(/[/:]/).map(Number);
  const value = (above ?? 0) / (below ?? 0);
  return Number.isFinite(value) ? value : 0;
}

function refuse(code: string, message: string): never {
  throw new NonRetryableError(message, { code });
}
