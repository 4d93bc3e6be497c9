/** How a handler processes one media: a private folder, files under a prefix of this attempt, and one commit that shows them. */
import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type {
  ExtraRenditions,
  FileStore,
  JobContext,
  JobDefinition,
  PlannedVideo,
  Queryable,
  StoredFile,
} from '../contract/index.ts';
import { addRenditions } from './additions.ts';
import { type FetchParts, fetchMedia } from './fetch.ts';
import type { PieceResult } from './gather.ts';
import type { ImageRenderer, RenderedImage } from './image/index.ts';
import type { PieceStore } from './piece-store.ts';
import { pipelineVersions } from './pipeline-versions.ts';
import type { MediaRow, MediaStore, ReadyMedia, StoredVideo } from './store.ts';
import { type AnnouncedFile, verifyFiles } from './verify/index.ts';
import type { VideoMaker } from './video/index.ts';
import { processVideo } from './video-jobs.ts';
import { encodePiece, type WantedPiece } from './video-pieces.ts';
import { planUpload, type WantedPlan } from './video-plan.ts';

/** What an attempt made in its folder. */
export interface MadeMedia extends RenderedImage {
  video?: StoredVideo;
  /** What is in the folder beside the renditions. */
  files?: readonly AnnouncedFile[];
}

/** What the maker of one attempt is given: absolute paths. */
export interface MediaMaking {
  /** The uploaded bytes. */
  input: string;
  /** Empty; what it holds afterwards is published. */
  output: string;
  /** Empty and private, for anything that is not published. */
  scratch: string;
  /** As it was when the attempt began. */
  row: MediaRow;
  /** Shows what there is so far, while the media goes on being processed. What the folder holds is gone afterwards. */
  preview(made: MadeMedia): Promise<void>;
}

/** What the handlers of media jobs may use. */
export interface MediaServices {
  images: ImageRenderer;
  videos: VideoMaker;
  /** Runs `make` for one media and publishes what it made, once, whatever crashes; settles the job. */
  process(mediaId: string, context: JobContext<void>, make: (making: MediaMaking) => Promise<MadeMedia>): Promise<void>;
  /** Adds renditions to one media that is ready; settles the job. */
  addRenditions(mediaId: string, wanted: ExtraRenditions, context: JobContext<void>): Promise<void>;
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
  followPhoto?(tx: Queryable, photo: { mediaId: string; ownerId: string; tenant: string | undefined }): Promise<void>;
  pieces: PieceStore;
  /** The job type of one piece of a video. Throws where the catalog has none. */
  pieceJob(): JobDefinition;
}): MediaServices {
  const { store, files, pieces, videos, pieceJob } = parts;

  async function process(
    mediaId: string,
    context: JobContext<void>,
    make: (making: MediaMaking) => Promise<MadeMedia>,
  ) {
    const row = await store.findForJob(mediaId, context.id);
    if (!row?.original_key || row.state === 'ready') return;
    await store.restart(row, row.kind ? pipelineVersions[row.kind] : undefined);
    await attempt(row, row.original_key, context, make);
  }

  async function attempt(
    row: MediaRow,
    originalKey: string,
    context: JobContext<void>,
    make: (making: MediaMaking) => Promise<MadeMedia>,
  ) {
    const nextPrefix = () => `media/${row.id}/${context.fence}-${randomBytes(16).toString('hex')}`;
    await files.withLocalFile(originalKey, (input) =>
      files.withFolder(async (folder) => {
        const output = join(folder, 'output');
        const scratch = join(folder, 'scratch');
        await Promise.all([mkdir(output), mkdir(scratch)]);
        const preview = async (made: MadeMedia) => {
          await checked(output, made, context.signal);
          await show(row, { ...made, prefix: nextPrefix(), renditions: [] }, made, output, (ready) =>
            pieces.showEarly(row, ready),
          );
        };
        const made = await make({ input, output, scratch, row, preview });
        await checked(output, made, context.signal);
        await show(row, { ...made, prefix: nextPrefix(), renditions: [] }, made, output, (ready) =>
          context.settle(async (tx) => {
            if (!(await store.markReady(tx, row.job_id, ready)) || made.video) return;
            await parts.followPhoto?.(tx, { mediaId: row.id, ownerId: context.owner ?? '', tenant: context.tenant });
          }),
        );
      }),
    );
  }

  /** Publishes, then commits; whoever loses the race for the row takes its own files away again. */
  async function show(
    row: MediaRow,
    ready: ReadyMedia,
    made: MadeMedia,
    output: string,
    commit: (ready: ReadyMedia) => Promise<void>,
  ) {
    try {
      const stored = await files.publish(output, ready.prefix);
      await commit({ ...ready, renditions: withBytes(made, stored, ready.prefix) });
    } finally {
      await removeUnlessShown(row, ready.prefix);
    }
  }

  /** Asks the rows rather than the error: a commit may have happened although its answer was lost. */
  async function removeUnlessShown({ id, job_id: jobId }: MediaRow, prefix: string) {
    if (!(await store.isShown(id, jobId, prefix))) await files.remove(prefix);
  }

  const fetching = { ...parts.fetching, store, files };
  const fetch = (mediaId: string, context: JobContext<void>) => fetchMedia(fetching, mediaId, context);
  const { images } = parts;
  return {
    images,
    videos,
    process,
    addRenditions: (mediaId, wanted, context) => addRenditions({ store, files, images }, mediaId, wanted, context),
    fetch,
    processVideo: (mediaId, context) => processVideo({ files, pieces, videos, process, pieceJob }, mediaId, context),
    planVideo: (wanted, signal) => planUpload({ ...fetching, videos }, wanted, signal),
    encodePiece: (piece, context) => encodePiece({ store, pieces, files, videos }, piece, context),
  };
}

async function checked(output: string, made: MadeMedia, signal: AbortSignal): Promise<void> {
  await verifyFiles(output, announcedBy(made), signal);
  signal.throwIfAborted();
}

function announcedBy({ renditions, files = [] }: MadeMedia): AnnouncedFile[] {
  return [...renditions.map((file) => ({ ...file, kind: 'image' as const })), ...files];
}

function withBytes(made: MadeMedia, stored: readonly StoredFile[], prefix: string) {
  const bytes = new Map(stored.map((file) => [file.key, file.bytes]));
  return made.renditions.map((file) => {
    const size = bytes.get(`${prefix}/${file.name}`);
    if (size === undefined) throw new TypeError(`The rendition ${file.name} was announced and not written`);
    return { ...file, bytes: size };
  });
}
