/** The statements on media that are encoded in pieces. */
import type { DatabaseFor, Queryable } from '../contract/index.ts';
import { type MediaRow, present, type ReadyMedia, setShown, shownColumns } from './rows.ts';
import { type Piece, rungsOf, type VideoPlan } from './video/index.ts';

/** The column `pieces`: this much of each stage is encoded, and the jobs of this run have this id or a larger one. */
export interface StoredPieces {
  /** This and the next one are missing for a video that is made in one go. */
  since?: string;
  /** Folder of the run. */
  run?: string;
  durationS: number;
  rungs: Record<'first' | 'rest', string[]>;
  doneS: Partial<Record<Piece['stage'], number>>;
}

export type PieceStore = ReturnType<typeof pieceStore>;

/** Where pieces lie until the media of a job are ready; nothing below it is served. */
export const workFolder = (jobId: string) => `work/${jobId}`;

/** A job may have several media, which share their bytes; what is said of one is said of all. */
export function pieceStore(databaseFor: DatabaseFor) {
  return {
    /** The pieces of a run are on their way; the first of them is `since`. */
    async begin(
      { id, job_id: jobId }: MediaRow,
      run: Required<Pick<StoredPieces, 'since' | 'run'>>,
      plan: VideoPlan,
    ): Promise<void> {
      const pieces: StoredPieces = { ...run, ...lengths(plan), doneS: {} };
      await databaseFor(id).query(
        `update twolane.media set pieces = jsonb_set($2::jsonb, '{doneS}', coalesce(pieces -> 'doneS', '{}'))
         where job_id = $1 and state = 'processing'`,
        [jobId, JSON.stringify(pieces)],
      );
    },

    /** A video that is made in one go has its smallest rung, and so many percent of the others. */
    async tellRest({ id, job_id: jobId }: MediaRow, plan: VideoPlan, percent: number): Promise<void> {
      const { durationS, rungs } = lengths(plan);
      const doneS = { first: durationS, rest: (durationS * percent) / 100 };
      await databaseFor(id).query("update twolane.media set pieces = $2 where job_id = $1 and state = 'processing'", [
        jobId,
        JSON.stringify({ durationS, rungs, doneS } satisfies StoredPieces),
      ]);
    },

    /** Shows what an attempt has made so far, and calls `shown` in the same transaction. Does nothing for media that are gone or over. */
    async showEarly(
      { id, job_id: jobId }: MediaRow,
      made: ReadyMedia,
      shown: (tx: Queryable) => Promise<void>,
    ): Promise<void> {
      await databaseFor(id).transaction(async (tx) => {
        const { rowCount } = await tx.query(
          `update twolane.media set ${setShown} where job_id = $1 and state = 'processing' and ${present}`,
          shownColumns(jobId, made),
        );
        if (rowCount) await shown(tx);
      });
    },

    /** Whether anybody still waits for what the job of a piece makes: neither the media nor the run is over. */
    async isWanted({ mediaId, videoJobId }: PieceOwner, jobId: string): Promise<boolean> {
      const { rows } = await databaseFor(mediaId).query(
        `select from twolane.media where job_id = $1 and state = 'processing' and ${present}
           and coalesce((pieces ->> 'since')::bigint, 0) <= $2::bigint limit 1`,
        [videoJobId, jobId],
      );
      return rows.length > 0;
    },

    /** A piece of so many seconds is done. */
    async noteDone(tx: Queryable, { videoJobId }: PieceOwner, stage: Piece['stage'], seconds: number): Promise<void> {
      await tx.query(
        `update twolane.media set pieces = jsonb_set(coalesce(pieces, '{"doneS": {}}'), array['doneS', $2],
           to_jsonb(coalesce((pieces -> 'doneS' ->> $2)::float, 0) + $3))
         where job_id = $1 and state = 'processing'`,
        [videoJobId, stage, seconds],
      );
    },
  };
}

function lengths(plan: VideoPlan): Pick<StoredPieces, 'durationS' | 'rungs'> {
  const names = (stage: 'first' | 'rest') => rungsOf(plan, stage).map((rung) => rung.name);
  return { durationS: plan.bench.info.durationS, rungs: { first: names('first'), rest: names('rest') } };
}

/** Whose piece it is: a media, and the job that makes it. */
export interface PieceOwner {
  mediaId: string;
  videoJobId: string;
}
