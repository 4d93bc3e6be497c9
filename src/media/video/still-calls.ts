/** Single pictures of a video: the poster's frame, and the sheet of small ones that players show while seeking. */
import { cpuLimitS, type FfmpegCall, general, guards, noMetadata, ownFormats, upload } from './call.ts';
import { toSdr } from './filters.ts';
import { posterSize } from './ladder.ts';
import type { VideoInfo, VideoLimits } from './probe-report.ts';
import type { Sheet } from './storyboard.ts';

/** One frame as PNG: the first of a very short video, else the one after a second. */
export function posterCall(input: string, info: VideoInfo, output: string, limits: VideoLimits): FfmpegCall {
  const source = upload(input, limits);
  const options = [...general(120), ...source.options, '-ss', info.durationS > 2 ? '1' : '0'];
  return {
    inputs: [{ ...source, options }],
    outputs: [
      {
        options: [
          ...['-map', `0:${info.videoIndex}`, ...noMetadata, '-frames:v', '1', '-vf', toSdr(posterSize(info), info)],
          ...['-f', 'image2', '-update', '1', '-c:v', 'png', '-pix_fmt', 'rgb24', '-compression_level', '1'],
        ],
        path: output,
      },
    ],
  };
}

/** All tiles in one JPEG, from the keyframes of the smallest rung: nothing of the source is decoded again. */
export function sheetCall(
  input: string,
  info: VideoInfo,
  sheet: Sheet,
  output: string,
  limits: VideoLimits,
): FfmpegCall {
  const tiles = `fps=1/${sheet.everyS}:start_time=0:round=near:eof_action=pass,scale=${sheet.width}:${sheet.height}:flags=area`;
  const options = [...general(cpuLimitS(info.durationS)), ...guards(ownFormats, limits), '-skip_frame', 'nokey'];
  return {
    inputs: [{ path: `file:${input}`, options }],
    outputs: [
      {
        options: [
          ...['-map', '0:v', ...noMetadata, '-flags:v', '+bitexact', '-frames:v', '1'],
          ...['-vf', `${tiles},tile=${sheet.columns}x${sheet.rows},scale=out_range=pc,format=yuvj420p`],
          ...['-f', 'image2', '-update', '1', '-c:v', 'mjpeg', '-q:v', '5'],
        ],
        path: output,
      },
    ],
  };
}
