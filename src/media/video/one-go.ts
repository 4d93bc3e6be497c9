/** Pictures, sound and text of a whole video at once. What plays first does not wait for the rest. */
import { TwolaneError } from '../../contract/index.ts';
import type { Pieces } from './assemble.ts';
import { together } from './decode.ts';
import type { Rung } from './ladder.ts';
import { type EncodedPictures, encodePictures, encodeSound, extractSubtitles, isWhole, type PartRun } from './parts.ts';
import { whole } from './pictures-call.ts';
import { copiedOf, type VideoPlan } from './plan.ts';

export interface OneGo {
  /** For what is encoded, text included. */
  folder: string;
  signal: AbortSignal;
  onPercent(percent: number): void;
  /** Called when the smallest rung and its sound are there and the others still on their way. Undefined: they come together. */
  onFirst?: ((pieces: Pieces) => Promise<void>) | undefined;
}

/** CPU seconds. Below it everything is there nearly as soon as the smallest rung would be. */
const earlyFromS = 5;

/**
 * Encodes everything of a video that is not cut into pieces. Where that takes long the smallest rung has a process of its own:
 * the one of the others gives way to it, and takes what it leaves idle.
 */
export async function makePieces(plan: VideoPlan, { onFirst, onPercent, ...run }: OneGo): Promise<Pieces> {
  const { bench, rungs } = plan;
  const early = onFirst && plan.costS > earlyFromS && rungs.length > 1;
  const [first, rest] = early ? [rungs.slice(0, 1), rungs.slice(1)] : [rungs, []];
  const encoded: EncodedPictures[] = [];
  let sound: string | undefined;
  let subtitles: Pieces['subtitles'] = [];
  await together(run.signal, [
    async (signal) => {
      subtitles = await extractSubtitles(bench, { ...run, signal });
    },
    async (signal) => {
      await together(signal, [
        async (stop) => {
          encoded[0] = await encode(plan, first, { ...run, signal: stop, ...(!early && { onPercent }) });
        },
        async (stop) => {
          sound = await encodeSound(bench, { ...run, signal: stop });
        },
      ]);
      if (early && encoded[0]) await onFirst({ ...encoded[0], rungs: first, sound, subtitles: [] });
    },
    async (signal) => {
      if (early) encoded[1] = await encode(plan, rest, { ...run, signal, onPercent, later: true });
    },
  ]);
  const pictures = encoded.flatMap((each) => each.pictures);
  return { rungs, pictures, frames: await agreed(plan, encoded, run), sound, subtitles };
}

function encode(plan: VideoPlan, rungs: readonly Rung[], run: PartRun): Promise<EncodedPictures> {
  const copied = rungs.find((rung) => rung === copiedOf(plan));
  return encodePictures(plan.bench, { part: whole, rungs: rungs.filter((rung) => rung !== copied), copied }, run);
}

/**
 * How many frames each rung has. A copied one that is not like the others, or not whole, is encoded after all.
 * @throws TwolaneError `unexpected_output` when the others differ
 */
async function agreed(plan: VideoPlan, encoded: readonly EncodedPictures[], run: PartRun): Promise<number> {
  const copied = copiedOf(plan);
  const counts = encoded.flatMap(({ pictures, frames }, at) =>
    at > 0 && copied && pictures.length === 1 ? [] : frames,
  );
  const frames = counts[0] ?? 0;
  if (counts.some((count) => count !== frames))
    throw new TwolaneError('unexpected_output', `The rungs have ${counts.join(' and ')} frames`);
  if (!copied) return frames;
  const path = encoded.at(-1)?.pictures.at(-1) ?? '';
  const clean = encoded.every(({ complaints }) => complaints.trim() === '');
  if (clean && frames === plan.bench.info.asIs?.frames && (await isWhole(path, plan.bench, run))) return frames;
  const again = await encodePictures(plan.bench, { part: whole, rungs: [copied] }, run);
  if (again.frames === frames) return frames;
  throw new TwolaneError('unexpected_output', `One rung has ${again.frames} frames, others have ${frames}`);
}
