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
  const cost = costS(bench.info, rungs);
  return {
    bench,
    rungs,
    costS: cost,
    pieces: cutIntoPieces(bench.info, rungs, limitS),
    dear: cost > dearFrom * limitS,
  };
}

/** The rungs that a piece encodes. */
export function rungsOf({ rungs }: VideoPlan, stage: Piece['stage']): Rung[] {
  if (stage === 'sound') return [];
  return stage === 'first' ? rungs.slice(0, 1) : rungs.slice(1);
}
