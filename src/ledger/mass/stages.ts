/** The stages of a redrive: how large each is, whether what came back stops it, and how far all of it is. Pure. */
import type { OperationStage, OperationStep, StageSize } from '../../contract/index.ts';

/** How many jobs a stage moves, of so many that were found. */
export function stageTarget(size: StageSize, matched: number): number {
  if (size === 'all') return Number.POSITIVE_INFINITY;
  return typeof size === 'number' ? size : Math.max(1, Math.ceil((matched * Number.parseFloat(size)) / 100));
}

export function newStage(size: StageSize): OperationStage {
  return { size, moved: 0, watched: 0, succeeded: 0, cancelled: 0, dead: 0, sameError: 0 };
}

/** So many jobs of a stage must have ended before it is stopped while more of it are being moved. */
const enoughToJudge = 20;

/**
 * Why an operation stops; undefined when it goes on. A death counts whatever the error: what failed in a new way was not
 * mended either.
 */
export function reasonToStop(stage: OperationStage, stopAbove: number, allMoved: boolean): string | undefined {
  if (!allMoved && stage.succeeded + stage.cancelled + stage.dead < enoughToJudge) return undefined;
  const base = allMoved ? stage.watched : stage.succeeded + stage.cancelled + stage.dead;
  if (stage.dead === 0 || stage.dead <= stopAbove * base) return undefined;
  const percent = Math.round(stopAbove * 100);
  return `dead again: ${stage.dead} of ${base}, ${stage.sameError} with the same error; the limit is ${percent} %`;
}

/** A tenth of the time waited so far, between a quarter of a second and 15 s. */
export function nextLookMs(waitedMs: number): number {
  return Math.round(Math.min(Math.max(waitedMs / 10, 250), 15_000));
}

export function stepOf(moved: number, matched: number | null, note: string, waitMs = 0): OperationStep {
  const percent = matched ? Math.min(99, Math.round((moved * 100) / matched)) : 0;
  return { over: false, waitMs, percent, note };
}

export const over: OperationStep = { over: true, waitMs: 0, percent: 100, note: 'over' };
