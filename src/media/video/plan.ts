/** What becomes of an upload, from looking at it alone. */
import type { Rung } from './ladder.ts';
import { planLadder } from './ladder.ts';
import type { Bench } from './parts.ts';
import { costS, cutIntoPieces, type Piece } from './price.ts';

export interface VideoPlan {
  bench: Bench;
  /** The smallest first. */
  rungs: Rung[];
  /** CPU seconds. */
  costS: number;
  /** Jobs that share the work; none where one does it all. */
  pieces: Piece[];
  /** It costs so much that others go first. */
  dear: boolean;
}

/** Above so many jobs' worth of work. */
const dearFrom = 10;

export function planVideo(bench: Bench, limitS: number): VideoPlan {
  const rungs = planLadder(bench.info);
  // What decodes without a complaint for the other rungs may be copied for the largest one. Pieces are cut where it has no keyframes.
  const copies = rungs.length > 1 && costS(bench.info, rungs) <= limitS;
  const info = copies ? bench.info : { ...bench.info, asIs: undefined };
  const cost = costS(info, rungs);
  return {
    bench: { ...bench, info },
    rungs,
    costS: cost,
    pieces: cutIntoPieces(info, rungs, limitS),
    dear: cost > dearFrom * limitS,
  };
}

/** The rung that gets the pictures of the upload as they are, if any does: the largest. */
export function copiedOf({ bench, rungs }: VideoPlan): Rung | undefined {
  return bench.info.asIs && rungs.at(-1);
}

/** The rungs that a piece encodes. */
export function rungsOf({ rungs }: VideoPlan, stage: Piece['stage']): Rung[] {
  if (stage === 'sound') return [];
  return stage === 'first' ? rungs.slice(0, 1) : rungs.slice(1);
}
