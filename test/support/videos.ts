/** Videos for tests, made on the spot by ffmpeg, and what ffprobe says of results. */
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { MadeVideo, VideoMaker } from '../../src/media/video/index.ts';

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

/** Runs ffmpeg for a fixture that is none of the plain ones. */
export async function ffmpeg(...options: string[]): Promise<void> {
  await run('ffmpeg', ['-nostdin', '-v', 'error', '-y', ...options]);
}

/** A picture with a red upper left and a blue upper right corner, on green: it shows how it was turned. */
export const corners = (width: number, height: number, rate = 10) => {
  const square = Math.floor(Math.min(width, height) / 3);
  return [
    `color=c=green:size=${width}x${height}:rate=${rate}`,
    `drawbox=x=0:y=0:w=${square}:h=${square}:c=red:t=fill`,
    `drawbox=x=iw-${square}:y=0:w=${square}:h=${square}:c=blue:t=fill`,
  ].join(',');
};

/** Writes another display matrix into an MP4 or MOV: x' = ax + cy, y' = bx + dy. */
export async function setMatrix(path: string, [a, b, c, d]: readonly [number, number, number, number]): Promise<void> {
  const bytes = await readFile(path);
  const matrix = bytes.indexOf('tkhd') + 4 + 40;
  for (const [place, value] of [a, b, 0, c, d].entries()) bytes.writeInt32BE(value * 0x1_00_00, matrix + place * 4);
  await writeFile(path, bytes);
}

/** Writes into an MP4 or MOV of HEVC, whose tables follow its frames, that these are the base layer of Dolby Vision. */
export async function markDolbyVision(path: string, of: { profile: number; compatibleWith: number }): Promise<void> {
  const whole = await readFile(path);
  const box = Buffer.alloc(32);
  box.writeUInt32BE(box.length);
  box.write(of.profile > 7 ? 'dvvC' : 'dvcC', 4, 'latin1');
  // Version 1.0; seven bits of profile, six of level (1), and flags: with extra data per frame, without a second layer, with a base.
  box.writeUInt8(1, 8);
  box.writeUInt16BE((of.profile << 9) | (1 << 3) | 0b101, 10);
  box.writeUInt8(of.compatibleWith << 4, 12);
  const parents = ['moov', 'trak', 'mdia', 'minf', 'stbl', 'stsd', 'hvc1'];
  let at = 0;
  for (const name of parents) {
    at = whole.indexOf(name, at, 'latin1');
    whole.writeUInt32BE(whole.readUInt32BE(at - 4) + box.length, at - 4);
  }
  const end = at - 4 + whole.readUInt32BE(at - 4) - box.length;
  await writeFile(path, Buffer.concat([whole.subarray(0, end), box, whole.subarray(end)]));
}

/** The colour of each corner of the frame at a time, by its strongest channel. */
export async function cornersOf(path: string, atS = 0): Promise<Record<'tl' | 'tr' | 'bl' | 'br', string>> {
  const args = ['-v', 'error', '-ss', String(atS), '-i', path, '-frames:v', '1', '-f', 'rawvideo', '-pix_fmt', 'rgb24'];
  const [stream] = await probe(path, '-select_streams', 'v:0', '-show_streams');
  const { stdout } = await run('ffmpeg', [...args, '-'], { encoding: 'buffer', maxBuffer: 64 * 1024 * 1024 });
  const [width, height] = [Number(stream?.width), Number(stream?.height)];
  const at = (x: number, y: number) => {
    const rgb = [...stdout.subarray((y * width + x) * 3, (y * width + x) * 3 + 3)];
    return ['red', 'green', 'blue'][rgb.indexOf(Math.max(...rgb))] ?? '';
  };
  const [x, y] = [width - 4, height - 4];
  return { tl: at(3, 3), tr: at(x, 3), bl: at(3, y), br: at(x, y) };
}

/** Makes a whole video as its job does when it is a cheap one. */
export async function makeVideo(
  maker: VideoMaker,
  making: MediaMakingPaths,
  signal: AbortSignal,
  onProgress: (percent: number) => void = () => {},
): Promise<MadeVideo> {
  return maker.make(await maker.plan(making, signal), { ...making, signal }, { onProgress });
}

type MediaMakingPaths = Record<'input' | 'output' | 'scratch', string>;
