/** Asks ffprobe about an upload, and about what we made of it. */
import { dirname, join } from 'node:path';
import { NonRetryableError, TwolaneError } from '../../contract/index.ts';
import { hls, probeArguments } from './arguments.ts';
import type { VideoPlan } from './plan.ts';
import { type ProbeReport, probeReport, readReport, type VideoInfo, type VideoLimits } from './probe-report.ts';
import { runFfprobe } from './run.ts';

/** @throws NonRetryableError `invalid_video`, `too_long`, … when the video is not one that we take */
export async function probeUpload(path: string, limits: VideoLimits, signal: AbortSignal): Promise<VideoInfo> {
  return readReport(await probe(path, 'upload', limits, signal), limits);
}

async function probe(path: string, source: 'upload' | 'rung', limits: VideoLimits, signal: AbortSignal) {
  try {
    const printed = await runFfprobe(probeArguments(path, source, limits), { cwd: dirname(path), signal });
    return probeReport.parse(JSON.parse(printed));
  } catch (error) {
    if (!(error instanceof TwolaneError) || error.code !== 'ffmpeg_failed') throw error;
    throw new NonRetryableError('The file is not an MP4 or MOV video, or it is damaged', {
      code: 'invalid_video',
      cause: error,
    });
  }
}

/**
 * Reads a finished rung back and compares it with what was meant.
 * @throws NonRetryableError `incomplete_video` when the source ended before its header said
 * @throws TwolaneError `unexpected_output` when the rung is not what was planned
 */
export async function verifyRung(
  folder: string,
  meant: { info: VideoInfo; plan: VideoPlan },
  limits: VideoLimits,
  signal: AbortSignal,
): Promise<void> {
  const report = await probe(join(folder, hls.master), 'rung', limits, signal);
  const wrong = whatIsWrong(report, meant.plan, meant.info);
  if (wrong) throw new TwolaneError('unexpected_output', `The rung that ffmpeg made is not as planned: ${wrong}`);
  const lasted = report.format.duration ?? 0;
  if (lasted < meant.info.durationS * 0.95 - 1)
    throw new NonRetryableError(
      `The video ends after ${lasted.toFixed(1)} s, though its header promises ${meant.info.durationS.toFixed(1)} s`,
      { code: 'incomplete_video' },
    );
}

function whatIsWrong(report: ProbeReport, plan: VideoPlan, info: VideoInfo): string | undefined {
  const video = report.streams.find((each) => each.codec_type === 'video');
  if (video?.codec_name !== 'h264' || video.pix_fmt !== 'yuv420p') return `${video?.codec_name} ${video?.pix_fmt}`;
  if (video.width !== plan.width || video.height !== plan.height) return `${video.width}x${video.height}`;
  const sound = report.streams.find((each) => each.codec_type === 'audio');
  if (info.audioIndex !== undefined && sound?.codec_name !== 'aac') return 'no AAC sound';
  return undefined;
}
