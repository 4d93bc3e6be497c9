/** What the handlers of media jobs are given, put together. */
import type { ExtraRenditions, FileStore, JobContext, JobDefinition, PlannedVideo } from '../contract/index.ts';
import { addRenditions, type MediaToExtend } from './additions.ts';
import { type AttemptParts, type MadeMedia, type MediaMaking, processMedia } from './attempt.ts';
import { type FetchParts, fetchMedia } from './fetch.ts';
import type { FolderStore } from './folders.ts';
import type { PieceResult } from './gather.ts';
import type { ImageRenderer } from './image/index.ts';
import { processPhoto } from './photo.ts';
import type { PieceStore } from './piece-store.ts';
import type { MediaStore } from './store.ts';
import type { VideoMaker } from './video/index.ts';
import { processVideo } from './video-jobs.ts';
import { encodePiece, type WantedPiece } from './video-pieces.ts';
import { planUpload, type WantedPlan } from './video-plan.ts';

export type { MadeMedia, MediaMaking } from './attempt.ts';

/** What the handlers of media jobs may use. */
export interface MediaServices {
  /** Runs `make` for one media and publishes what it made, once, whatever crashes; settles the job. */
  process(mediaId: string, context: JobContext<void>, make: (making: MediaMaking) => Promise<MadeMedia>): Promise<void>;
  /** The course of one photo. */
  processPhoto(mediaId: string, context: JobContext<void>): Promise<void>;
  /** Adds renditions to one media that is ready; settles the job. */
  addRenditions(media: MediaToExtend, wanted: ExtraRenditions, context: JobContext<void>): Promise<void>;
  /** The course of one video, in one go or in pieces. */
  processVideo(mediaId: string, context: JobContext<void>): Promise<void>;
  /** What would be made of a video. */
  planVideo(wanted: WantedPlan, signal: AbortSignal): Promise<PlannedVideo>;
  /** One piece of a video. */
  encodePiece(piece: WantedPiece, context: JobContext<PieceResult | null>): Promise<PieceResult | null>;
  /** Brings the bytes of one media that was handed over, and enqueues its processing; settles the job. */
  fetch(mediaId: string, context: JobContext<void>): Promise<void>;
}

export function mediaServices(parts: {
  store: MediaStore;
  files: FileStore;
  images: ImageRenderer;
  videos: VideoMaker;
  fetching: Omit<FetchParts, 'store' | 'files'>;
  /** What follows once a photo is ready, in the transaction that makes it so. Default: nothing. */
  followPhoto?: AttemptParts['followPhoto'];
  pieces: PieceStore;
  folders: FolderStore;
  /** The job type of one piece of a video. Throws where the catalog has none. */
  pieceJob(): JobDefinition;
}): MediaServices {
  const { store, files, folders, images, pieces, videos, pieceJob } = parts;
  const process: MediaServices['process'] = (mediaId, context, make) => processMedia(parts, mediaId, context, make);

  const fetching = { ...parts.fetching, store, files };
  const fetch = (mediaId: string, context: JobContext<void>) => fetchMedia(fetching, mediaId, context);
  return {
    process,
    processPhoto: (mediaId, context) => processPhoto({ images, process }, mediaId, context),
    addRenditions: (media, wanted, context) => addRenditions(parts, media, wanted, context),
    fetch,
    processVideo: (mediaId, context) => processVideo({ files, pieces, videos, process, pieceJob }, mediaId, context),
    planVideo: (wanted, signal) => planUpload({ ...fetching, videos }, wanted, signal),
    encodePiece: (piece, context) => encodePiece({ store, pieces, files, folders, videos }, piece, context),
  };
}
