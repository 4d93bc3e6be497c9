/** Pictures, sound and text of a whole video at once. What plays first does not wait for the rest. */
import { TwolaneError } from '../../contract/index.ts';
import type { Pieces } from './assemble.ts';
import { together } from './decode.ts';
import {
  copyPictures,
  type EncodedPictures,
  encodePictures,
  encodeSound,
  extractSubtitles,
  isWhole,
  type PartRun,
} from './parts.ts';
import { whole } from './pictures-call.ts';
import { copiedOf, type VideoPlan } from './plan.ts';
import { encodeSideBySide, type Lane, lane } from './side-by-side.ts';

/** What the videos of one worker share. */
export interface Encoders {
  /** For cheap videos, and for what is seen first of others. */
  first: Lane;
  rest: Lane;
}

export const encodersFor = (cores: number): Encoders => ({ first: lane(cores), rest: lane(cores) });

export interface OneGo {
  /** For what is encoded, text included. */
  folder: string;
  signal: AbortSignal;
  encoders: Encoders;
  onPercent(percent: number): void;
  /** Called when the smallest rung and its sound are there and the others still on their way. Undefined: they come together. */
  onFirst?: ((pieces: Pieces) => Promise<void>) | undefined;
}

/** CPU seconds. Below it everything is there nearly as soon as the smallest rung would be. */
const earlyFromS = 5;

/** Encodes everything of a video that is not cut into jobs. Where that takes long the smallest rung and the sound go first. */
export async function makePieces(plan: VideoPlan, making: OneGo): Promise<Pieces> {
  const { onFirst, onPercent, encoders, ...run } = making;
  const { bench, rungs } = plan;
  const copied = copiedOf(plan);
  const encoded = rungs.filter((rung) => rung !== copied);
  const early = onFirst && plan.costS > earlyFromS && rungs.length > 1;
  const count = early ? 1 : encoded.length;
  const [opening, sound] = await together(run.signal, [
    (signal) =>
      encodeSideBySide(plan, encoded.slice(0, count), encoders.first, { ...run, signal, ...(!early && { onPercent }) }),
    (signal) => encodeSound(bench, { ...run, signal }),
  ]);
  const [others, copy, subtitles] = await together(run.signal, [
    (signal) => encodeSideBySide(plan, encoded.slice(count), encoders.rest, { ...run, signal, onPercent, later: true }),
    async (signal) => (copied ? [await copyPictures(bench, copied, { ...run, signal })] : []),
    (signal) => extractSubtitles(bench, { ...run, signal }),
    async () => {
      if (early) await onFirst({ ...opening, rungs: rungs.slice(0, 1), sound, subtitles: [] });
    },
  ]);
  const pictures = [...opening.pictures, ...others.pictures, ...copy];
  return { rungs, pictures, frames: await agreed(plan, [opening, others], copy[0], run), sound, subtitles };
}

/**
 * How many frames each rung has. A copied one that is not like the others, or not whole, is encoded after all.
 * @throws TwolaneError `unexpected_output` when the others differ
 */
async function agreed(
  plan: VideoPlan,
  [opening, others]: readonly [EncodedPictures, EncodedPictures],
  copy: string | undefined,
  run: PartRun,
): Promise<number> {
  const { frames } = opening;
  if (others.pictures.length > 0 && others.frames !== frames)
    throw new TwolaneError('unexpected_output', `The rungs have ${frames} and ${others.frames} frames`);
  const copied = copiedOf(plan);
  if (!copied || copy === undefined) return frames;
  const clean = (opening.complaints + others.complaints).trim() === '';
  if (clean && frames === plan.bench.info.asIs?.frames && (await isWhole(copy, plan.bench, run))) return frames;
  const again = await encodePictures(plan.bench, { part: whole, rungs: [copied] }, run);
  if (again.frames === frames) return frames;
  throw new TwolaneError('unexpected_output', `One rung has ${again.frames} frames, others have ${frames}`);
}
