/** Tracks of text as WebVTT files, all from one reading of the upload. */
import { cpuLimitS, type FfmpegCall, general, noMetadata, upload } from './call.ts';
import type { VideoInfo, VideoLimits } from './probe-report.ts';

export const textName = (index: number) => `subtitles_${index}.vtt`;

/** Undefined where there is no text. */
export function subtitlesCall(input: string, info: VideoInfo, limits: VideoLimits): FfmpegCall | undefined {
  if (info.subtitles.length === 0) return undefined;
  const source = upload(input, limits);
  return {
    inputs: [{ ...source, options: [...general(cpuLimitS(info.durationS)), ...source.options] }],
    outputs: info.subtitles.map((track, index) => ({
      options: ['-map', `0:${track.index}`, ...noMetadata, '-c:s', 'webvtt', '-f', 'webvtt'],
      path: textName(index),
    })),
  };
}
