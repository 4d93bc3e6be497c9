/** Has a finished video read by ffprobe, to its last packet and without decoding, and compares it with what was announced. */
import { dirname, join } from 'node:path';
import { readBackArguments } from '../video/call.ts';
import { runFfprobe } from '../video/run.ts';
import type { AnnouncedVideo } from './manifest.ts';
import { videoReport, whatIsWrong } from './video-report.ts';

export async function checkVideo(
  folder: string,
  meant: AnnouncedVideo,
  signal: AbortSignal,
): Promise<string | undefined> {
  const path = join(folder, meant.name);
  const printed = await runFfprobe(readBackArguments(path), { cwd: dirname(path), signal });
  return whatIsWrong(videoReport.parse(JSON.parse(printed)), meant);
}
