/** Encodes one piece of a video. */
import type { Handler } from '../../src/contract/index.ts';
import type { MediaServices } from '../../src/media/index.ts';
import type { encodePieceJob } from './encode-piece.job.ts';

export const encodePiece =
  (media: MediaServices): Handler<typeof encodePieceJob> =>
  (piece, context) =>
    media.encodePiece(piece, context);
