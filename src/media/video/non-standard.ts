/** Why players could not be given an upload as it is: a list of words for its owner and for statistics. Pure. */
import { maxFps } from './ladder.ts';
import { type ProbedStream, type ProbeReport, pictureOf, ratio, rotationOf } from './probe-report.ts';

/** Every reason that there is, in the order in which they are told. */
export const reasons = {
  container: 'not MP4 or MOV',
  video_codec: 'not H.264',
  pixel_format: 'not 8 bit with 4:2:0',
  hdr: 'PQ or HLG',
  interlaced: 'half pictures',
  rotation: 'shown turned or mirrored',
  pixel_aspect_ratio: 'pixels that are not square',
  odd_size: 'a side that is odd',
  resolution: 'more than 1080 lines',
  frame_rate: 'more than 60 frames in a second, or a declared rate that is not the real one',
  bitrate: 'far more bits than its size needs',
  gop_size: 'keyframes more than five seconds apart',
  edit_list: 'begins before it is shown',
  audio_codec: 'sound that is not AAC',
  audio_tracks: 'more than one track of sound',
  extra_streams: 'cover art or data',
} as const;

export type Reason = keyof typeof reasons;

/** The first seconds of pictures as they lie in the file. */
export interface Opening {
  /** Times of keyframes and of the last packet read, seconds. */
  keysS: number[];
  lastS: number;
  /** Packets that are decoded and not shown. */
  hidden: boolean;
}

export function nonStandard(report: ProbeReport, opening: Opening, mostBits: number): Reason[] {
  const video = pictureOf(report.streams);
  if (!video) return [];
  const found = {
    ...ofPicture(video),
    ...ofFile(report, opening),
    bitrate: (report.format.bit_rate ?? 0) > 2 * mostBits,
  };
  return (Object.keys(reasons) as Reason[]).filter((reason) => found[reason]);
}

function ofPicture(video: ProbedStream) {
  const { width = 0, height = 0 } = video;
  const [real, declared] = [ratio(video.avg_frame_rate), ratio(video.r_frame_rate)];
  return {
    video_codec: video.codec_name !== 'h264',
    pixel_format: video.pix_fmt !== 'yuv420p',
    hdr: video.color_transfer === 'smpte2084' || video.color_transfer === 'arib-std-b67',
    interlaced: /^(tt|bb|tb|bt)$/.test(video.field_order ?? ''),
    rotation: rotationOf(video) !== 0 || mirrored(video),
    pixel_aspect_ratio: ![0, 1].includes(ratio(video.sample_aspect_ratio)),
    odd_size: width % 2 === 1 || height % 2 === 1,
    resolution: Math.min(width, height) > 1080,
    frame_rate: real > maxFps * 1.01 || Math.abs(declared - real) > 0.1 * real,
  };
}

/** The display matrix without a turn that still swaps sides. */
function mirrored(video: ProbedStream): boolean {
  const text = video.side_data_list.find((each) => each.displaymatrix)?.displaymatrix ?? '';
  const [a = 1, b = 0, c = 0, d = 1] = [...text.matchAll(/^[0-9a-f]+:\s+(-?\d+)\s+(-?\d+)/gm)]
    .slice(0, 2)
    .flatMap((row) => [Number(row[1]), Number(row[2])]);
  return a * d - b * c < 0;
}

function ofFile({ streams, format }: ProbeReport, opening: Opening) {
  const sound = streams.filter((each) => each.codec_type === 'audio');
  const times = [...opening.keysS, opening.lastS];
  return {
    container: !format.format_name?.includes('mp4'),
    gop_size: times.some((time, index) => time - (times[index - 1] ?? time) > 5),
    edit_list: opening.hidden,
    audio_codec: sound.length > 0 && sound[0]?.codec_name !== 'aac',
    audio_tracks: sound.length > 1,
    extra_streams: streams.some((each) => each.codec_type === 'data' || each.disposition?.attached_pic === 1),
  };
}
