/**
 * What of an upload has to be made anew, and so why players can not be given it as it is: words for its owner and for
 * statistics. Pure.
 */
import { keyframeEveryS, longSide, maxFps } from './ladder.ts';
import { type ProbedStream, type ProbeReport, pictureOf, ratio, rotationOf } from './probe-report.ts';

/** Every reason that there is, in the order in which they are told. */
export const reasons = {
  container: 'not MP4 or MOV',
  video_codec: 'not H.264',
  profile: 'a profile or level that not every player decodes',
  pixel_format: 'not 8 bit with 4:2:0',
  hdr: 'PQ or HLG',
  colour: 'colours that are not those of BT.709',
  interlaced: 'half pictures',
  rotation: 'shown turned or mirrored',
  pixel_aspect_ratio: 'pixels that are not square',
  odd_size: 'a side that is odd',
  resolution: 'more than 1080 lines, or sides of more than 2,560 pixels',
  frame_rate: 'more than 60 frames in a second, or a declared rate that is not the real one',
  bitrate: 'more bits than the largest rung has',
  gop_size: 'keyframes more than two seconds apart, or frames that need what is before their keyframe',
  edit_list: 'begins before it is shown',
  audio_codec: 'sound that is not AAC',
  audio_tracks: 'more than one track of sound',
  extra_streams: 'cover art or data',
} as const;

export type Reason = keyof typeof reasons;

/** Reasons that leave the pictures as they are: these are copied all the same. */
const besidePictures = new Set<Reason>(['container', 'audio_codec', 'audio_tracks', 'extra_streams']);

/** Whether the encoded pictures fit the largest rung as they are. */
export function picturesFit(found: readonly Reason[]): boolean {
  return found.every((reason) => besidePictures.has(reason));
}

/** Packets of pictures as they lie in the file: those of the first seconds, or all. */
export interface Opening {
  /** Times of keyframes and of the last packet read, seconds. */
  keysS: number[];
  lastS: number;
  packets: number;
  /** Frames that are shown before the keyframe that they follow in the file, or at no known time. */
  open: boolean;
  /** Packets that are decoded and not shown. */
  hidden: boolean;
}

export function nonStandard(report: ProbeReport, opening: Opening, mostBits: number): Reason[] {
  const video = pictureOf(report.streams);
  if (!video) return [];
  const found = {
    ...ofPicture(video),
    ...ofFile(report, opening),
    bitrate: (video.bit_rate ?? report.format.bit_rate ?? 0) > mostBits,
  };
  return (Object.keys(reasons) as Reason[]).filter((reason) => found[reason]);
}

function ofPicture(video: ProbedStream) {
  const { width = 0, height = 0 } = video;
  const [real, declared] = [ratio(video.avg_frame_rate), ratio(video.r_frame_rate)];
  return {
    video_codec: video.codec_name !== 'h264',
    profile: video.codec_name === 'h264' && !decodedEverywhere(video),
    pixel_format: video.pix_fmt !== 'yuv420p',
    hdr: video.color_transfer === 'smpte2084' || video.color_transfer === 'arib-std-b67',
    colour: !likeOurs(video),
    interlaced: /^(tt|bb|tb|bt)$/.test(video.field_order ?? ''),
    rotation: rotationOf(video) !== 0 || mirrored(video),
    pixel_aspect_ratio: ![0, 1].includes(ratio(video.sample_aspect_ratio)),
    odd_size: width % 2 === 1 || height % 2 === 1,
    resolution: Math.min(width, height) > 1080 || Math.max(width, height) > longSide,
    frame_rate: real > maxFps * 1.01 || Math.abs(declared - real) > 0.1 * real,
  };
}

function decodedEverywhere({ profile = '', level = 0 }: ProbedStream): boolean {
  return /^(Constrained Baseline|Main|High)$/.test(profile) && level <= 42;
}

/** Of BT.709 in the usual range, said, or assumed by players because the picture is large. */
function likeOurs(video: ProbedStream): boolean {
  const told = [video.color_space, video.color_primaries, video.color_transfer].map((each) => each ?? 'unknown');
  const assumed = Math.min(video.width ?? 0, video.height ?? 0) >= 720;
  return video.color_range !== 'pc' && told.every((each) => each === 'bt709' || (assumed && each === 'unknown'));
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
    // With room for the frame that comes next: times of keyframes are not always even.
    gop_size: opening.open || times.some((time, index) => time - (times[index - 1] ?? time) > keyframeEveryS + 0.1),
    edit_list: opening.hidden,
    audio_codec: sound.length > 0 && sound[0]?.codec_name !== 'aac',
    audio_tracks: sound.length > 1,
    extra_streams: streams.some((each) => each.codec_type === 'data' || each.disposition?.attached_pic === 1),
  };
}
