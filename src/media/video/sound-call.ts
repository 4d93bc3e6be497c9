/** Sound: measured first, then encoded at the loudness that players expect. */
import { cpuLimitS, type FfmpegCall, general, noMetadata, upload } from './call.ts';
import type { VideoInfo, VideoLimits } from './probe-report.ts';

/** LUFS, the usual level of online video. */
const target = -16;
/** Below this it is silence or noise, which is left as it is. */
const silence = -50;
const mostGain = 20;
export const soundName = 'sound.m4a';

/** Gaps are filled, so that sound stays with the picture and begins with it. */
const even = ['aresample=48000:async=1:first_pts=0', 'aformat=channel_layouts=stereo'];

/** Prints the loudness to standard error. */
export function loudnessCall(input: string, info: VideoInfo, index: number, limits: VideoLimits): FfmpegCall {
  const source = upload(input, limits);
  const options = [...general(cpuLimitS(info.durationS)), '-v', 'info', ...source.options];
  const measure = [...even, 'ebur128=framelog=verbose'].join(',');
  return {
    inputs: [{ ...source, options }],
    outputs: [{ options: ['-map', `0:${index}`, '-af', measure, '-f', 'null'], path: '-' }],
  };
}

/** Decibels to add, from what the measuring printed. 0 when there is nothing to go by. */
export function gainFrom(printed: string): number {
  const found = /Integrated loudness:\s+I:\s+(-?[\d.]+) LUFS/.exec(printed);
  const measured = Number(found?.[1] ?? Number.NaN);
  if (!(measured > silence)) return 0;
  return Math.min(mostGain, Math.round((target - measured) * 10) / 10);
}

/** Writes one file of AAC to the working folder. Peaks that the gain lifts too high are limited to −1.5 dB. */
export function soundCall(
  input: string,
  info: VideoInfo,
  sound: { index: number; gainDb: number },
  limits: VideoLimits,
): FfmpegCall {
  const source = upload(input, limits);
  const louder = sound.gainDb === 0 ? [] : [`volume=${sound.gainDb}dB`, 'alimiter=limit=0.84:level=disabled'];
  return {
    inputs: [{ ...source, options: [...general(cpuLimitS(info.durationS)), ...source.options] }],
    outputs: [
      {
        options: [
          ...['-map', `0:${sound.index}`, ...noMetadata, '-af', [...even, ...louder].join(',')],
          ...['-c:a', 'aac', '-b:a', '128k', '-ar', '48000', '-flags:a', '+bitexact', '-f', 'mp4'],
        ],
        path: soundName,
      },
    ],
  };
}
