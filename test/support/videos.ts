/** Videos for tests, made on the spot by ffmpeg, and what ffprobe says of results. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface Clip {
  width?: number;
  height?: number;
  fps?: number;
  seconds?: number;
  sound?: boolean;
  /** Further output options. */
  options?: string[];
}

/** A moving test picture with a tone, as H.264 and AAC. */
export async function clip(path: string, wanted: Clip = {}): Promise<void> {
  const { width = 640, height = 360, fps = 15, seconds = 3, sound = true, options = [] } = wanted;
  const picture = ['-f', 'lavfi', '-i', `testsrc2=size=${width}x${height}:rate=${fps}:duration=${seconds}`];
  const tone = sound ? ['-f', 'lavfi', '-i', `sine=duration=${seconds}`, '-c:a', 'aac'] : [];
  const encode = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', ...options];
  await run('ffmpeg', ['-nostdin', '-v', 'error', '-y', ...picture, ...tone, ...encode, path]);
}

/** Copies the streams of a clip with other output options, such as a rotation. */
export async function remux(from: string, to: string, ...options: string[]): Promise<void> {
  await run('ffmpeg', ['-nostdin', '-v', 'error', '-y', '-i', from, '-c', 'copy', ...options, to]);
}

/** ffprobe's report with the given options. Throws with its complaint when it can't read the file. */
export async function probe(path: string, ...options: string[]): Promise<Record<string, unknown>[]> {
  const entries = ['-v', 'error', '-print_format', 'json', ...options];
  const { stdout } = await run('ffprobe', [...entries, path]);
  const report = JSON.parse(stdout) as Record<string, Record<string, unknown>[]>;
  return report.packets ?? report.streams ?? [];
}
