/** Encoding all pictures of a video at once, as several stretches side by side: one encoder keeps no machine busy. */
import { createReadStream, createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { together } from './decode.ts';
import type { Rung } from './ladder.ts';
import { type EncodedPictures, encodePictures, type PartRun } from './parts.ts';
import { cutTimes, type Part, partName, whole } from './pictures-call.ts';
import type { VideoPlan } from './plan.ts';
import type { VideoInfo } from './probe-report.ts';
import { type Turns, turns } from './turns.ts';

/** Seconds. A decoder begins at the keyframe before its stretch, so short ones are dear. */
const shortestS = 4;
/** Of each encoder of a stretch: it has a core, and takes what others leave idle. */
const threads = 2;

/** Encoders of all videos of a worker: as many at once as there are cores. */
export interface Lane {
  cores: number;
  inTurn: Turns;
}

export const lane = (cores: number): Lane => ({ cores, inTurn: turns(cores) });

/** Stretches of about equal length that begin where the keyframes of all rungs are. */
export function stretchesOf(info: VideoInfo, most: number): Part[] {
  const times = cutTimes(info);
  const count = Math.max(1, Math.min(most, Math.floor(info.durationS / shortestS), times.length));
  if (count === 1) return [whole];
  const cuts = Array.from({ length: count }, (_each, at) => times[Math.round((at * times.length) / count)] ?? 0);
  return cuts.map((fromS, at) => ({ fromS: at === 0 ? 0 : fromS, toS: cuts[at + 1] }));
}

/** Resolves as `encodePictures` of the whole video would; without rungs at once. */
export async function encodeSideBySide(
  { bench }: VideoPlan,
  rungs: readonly Rung[],
  { cores, inTurn }: Lane,
  run: PartRun,
): Promise<EncodedPictures> {
  const parts = rungs.length === 0 ? [] : stretchesOf(bench.info, cores);
  const progress = parts.map(() => 0);
  const encoded = await together(
    run.signal,
    parts.map((part, at) => (signal) => {
      const onPercent = (percent: number) => {
        progress[at] = percent;
        run.onPercent?.(progress.reduce((sum, each) => sum + each, 0) / parts.length);
      };
      const folder = join(run.folder, `${at}`);
      const own = { ...run, signal, onPercent, folder, ...(parts.length > 1 && { threads }) };
      return inTurn(signal, () => encodePictures(bench, { part, rungs }, own));
    }),
  );
  return {
    pictures: await Promise.all(rungs.map((rung, at) => joined(join(run.folder, partName(rung)), encoded, at))),
    frames: encoded.reduce((sum, { frames }) => sum + frames, 0),
    complaints: encoded.map(({ complaints }) => complaints).join(''),
  };
}

/** Stretches of one rung are joined by their bytes. */
async function joined(path: string, encoded: readonly EncodedPictures[], rung: number): Promise<string> {
  const parts = encoded.map(({ pictures }) => pictures[rung] ?? '');
  if (parts.length === 1) return parts[0] ?? '';
  for (const part of parts) await pipeline(createReadStream(part), createWriteStream(path, { flags: 'a' }));
  return path;
}
