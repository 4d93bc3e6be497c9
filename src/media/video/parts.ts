/** The pieces of one video, each a file in a folder: pictures of a stretch, the sound, tracks of text. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { frameArguments } from './call.ts';
import { decode } from './decode.ts';
import type { Rung } from './ladder.ts';
import { copyCall, type Part, partName, picturesCall } from './pictures-call.ts';
import type { VideoInfo, VideoLimits } from './probe-report.ts';
import { framesSoFar, percentOf } from './progress.ts';
import { runFfprobe } from './run.ts';
import { gainFrom, loudnessCall, soundCall, soundName } from './sound-call.ts';
import { subtitlesCall, textName } from './subtitles.ts';

/** Where one upload is being worked on. */
export interface Bench {
  /** The upload, alone in its folder. */
  source: string;
  info: VideoInfo;
  limits: VideoLimits;
  /** A preset of x264. */
  preset: string;
}

export interface PartRun {
  /** Made if it is missing. */
  folder: string;
  signal: AbortSignal;
  onPercent?: (percent: number) => void;
  /** Gives way to other encoders. */
  later?: boolean;
  /** Of each encoder, where several share the cores. */
  threads?: number;
}

export interface EncodedPictures {
  /** Paths, in the order of the rungs. */
  pictures: string[];
  frames: number;
  /** What the decoder had to say of the upload. Empty where it is whole. */
  complaints: string;
}

/** Encodes a stretch in one decode. Resolves with the paths of the rungs' transport streams. */
export async function encodePictures(
  { source, info, limits, preset }: Bench,
  wanted: { part: Part; rungs: readonly Rung[] },
  { folder, signal, onPercent, later, threads }: PartRun,
): Promise<EncodedPictures> {
  await mkdir(folder, { recursive: true });
  const encoded = framesSoFar();
  const lastsS = Math.max(0.001, (wanted.part.toS ?? info.durationS) - wanted.part.fromS);
  const complaints = await decode(picturesCall(source, { info, preset, threads, ...wanted }, limits), {
    cwd: folder,
    signal,
    ...(later && { niceness: 12 }),
    onLine(line) {
      encoded.hear(line);
      const percent = percentOf(line, lastsS);
      if (percent !== undefined) onPercent?.(percent);
    },
  });
  return { pictures: wanted.rungs.map((rung) => join(folder, partName(rung))), frames: encoded.so.frames, complaints };
}

/** Gives a rung the pictures of the upload as they are. Resolves with its path. */
export async function copyPictures({ source, info, limits }: Bench, rung: Rung, run: PartRun): Promise<string> {
  await mkdir(run.folder, { recursive: true });
  await decode(copyCall(source, rung, info, limits), { cwd: run.folder, signal: run.signal });
  return join(run.folder, partName(rung));
}

/** Whether a copied rung has all frames of the upload, and whether each keyframe begins anew. */
export async function isWhole(path: string, { info, limits }: Bench, { folder, signal }: PartRun): Promise<boolean> {
  const so = { frames: 0, keys: 0 };
  const onLine = (line: string) => {
    if (/^[K_]/.test(line)) so.frames += 1;
    if (line.startsWith('K')) so.keys += 1;
  };
  await runFfprobe(frameArguments(path, limits), { cwd: folder, signal, onLine });
  return so.frames === info.asIs?.frames && so.keys === info.asIs.keysS.length;
}

/** Measures and encodes the sound. Undefined for a silent video. */
export async function encodeSound({ source, info, limits }: Bench, run: PartRun): Promise<string | undefined> {
  if (!info.audio) return undefined;
  await mkdir(run.folder, { recursive: true });
  const options = { cwd: run.folder, signal: run.signal };
  const { index } = info.audio;
  const gainDb = gainFrom(await decode(loudnessCall(source, info, index, limits), options));
  await decode(soundCall(source, info, { index, gainDb }, limits), options);
  return join(run.folder, soundName);
}

/** Resolves with the names of the WebVTT files, which are written to the folder of what is published. */
export async function extractSubtitles({ source, info, limits }: Bench, run: PartRun) {
  await mkdir(run.folder, { recursive: true });
  const call = subtitlesCall(source, info, limits);
  if (call) await decode(call, { cwd: run.folder, signal: run.signal });
  return info.subtitles.map(({ language }, index) => ({ language, file: textName(index) }));
}
