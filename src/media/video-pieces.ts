/** One piece of a video: encoded into a folder of the file store from which the job of the video takes it. */
import { join } from 'node:path';
import { type FileStore, type JobContext, TwolaneError } from '../contract/index.ts';
import { type FolderStore, publishFolder } from './folders.ts';
import type { PieceResult } from './gather.ts';
import { type PieceOwner, type PieceStore, workFolder } from './piece-store.ts';
import type { MediaStore } from './store.ts';
import type { Piece, VideoMaker } from './video/index.ts';

export interface PieceParts {
  store: MediaStore;
  pieces: PieceStore;
  files: FileStore;
  folders: FolderStore;
  videos: VideoMaker;
}

export interface WantedPiece extends Piece, PieceOwner {
  run: string;
}

/** How often a piece asks whether anybody still waits for it, milliseconds: a cancel reaches the video's own job alone. */
const askEveryMs = 500;

/** Settles the job; null when nobody waits for the piece any more, and then it leaves nothing behind. */
export async function encodePiece(
  parts: PieceParts,
  { mediaId, videoJobId, run, ...piece }: WantedPiece,
  context: JobContext<PieceResult | null>,
): Promise<PieceResult | null> {
  const owner = { mediaId, videoJobId };
  const folder = `${workFolder(videoJobId)}/${run}`;
  const wanted = watch(parts.pieces, owner, context);
  try {
    const row = await parts.store.findForJob(mediaId, videoJobId);
    if (!row?.original_key || row.state !== 'processing') return null;
    return await work(parts, { owner, folder, piece, originalKey: row.original_key, signal: wanted.signal }, context);
  } catch (error) {
    if (!(await wanted.isOver())) throw error;
    await parts.files.remove(folder);
    return null;
  } finally {
    wanted.stop();
  }
}

interface Work {
  owner: PieceOwner;
  /** Of the run, in the file store. */
  folder: string;
  piece: Piece;
  originalKey: string;
  signal: AbortSignal;
}

function work(parts: PieceParts, wanted: Work, context: JobContext<PieceResult | null>): Promise<PieceResult> {
  const { files, videos } = parts;
  const { folder, piece, originalKey, signal } = wanted;
  const make = (input: string) =>
    files.withFolder(async (scratch) => {
      const plan = await videos.plan({ input, scratch }, signal, { reasons: false });
      const local = join(scratch, 'piece');
      const frames = await videos.encode(plan, piece, {
        folder: local,
        signal,
        onPercent: (percent) => context.progress(percent, piece.stage),
      });
      const prefix = `${folder}/${context.id}-${context.fence}`;
      const result = { stage: piece.stage, fromS: piece.fromS, prefix, frames };
      const seconds = (piece.toS ?? plan.bench.info.durationS) - piece.fromS;
      await publish(parts, wanted, { local, result, seconds }, context);
      return result;
    });
  return files.withLocalFile(originalKey, make, { shared: true });
}

function publish(
  { files, folders, pieces }: PieceParts,
  { owner, piece }: Work,
  { local, result, seconds }: { local: string; result: PieceResult; seconds: number },
  context: JobContext<PieceResult | null>,
): Promise<void> {
  const publication = { mediaId: owner.mediaId, output: local, prefix: result.prefix };
  return publishFolder({ files, folders }, publication, async (_stored, shown) => {
    // Somebody who cancelled meanwhile has removed what was there before.
    if (!(await pieces.isWanted(owner, context.id))) throw new TwolaneError('cancelled', 'Nobody waits for the piece');
    await context.settle(async (tx) => {
      await pieces.noteDone(tx, owner, piece.stage, seconds);
      await shown(tx);
    }, result);
  });
}

function watch(pieces: PieceStore, owner: PieceOwner, { id, signal }: JobContext<PieceResult | null>) {
  const over = new AbortController();
  // Without the database nothing is known; the worker itself ends its jobs when that lasts.
  const ask = async () => {
    if (!(await pieces.isWanted(owner, id).catch(() => true)))
      over.abort(new TwolaneError('cancelled', 'Nobody waits for the piece'));
  };
  const timer = setInterval(ask, askEveryMs);
  return {
    signal: AbortSignal.any([signal, over.signal]),
    isOver: async () => over.signal.aborted || !(await pieces.isWanted(owner, id).catch(() => true)),
    stop: () => clearInterval(timer),
  };
}
