/** How a handler processes one media: a private folder, files under a prefix of this attempt, and one commit that shows them. */
import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExtraRenditions, FileStore, JobContext, Queryable, StoredFile } from '../contract/index.ts';
import { addRenditions } from './additions.ts';
import { type FetchParts, fetchMedia } from './fetch.ts';
import type { ImageRenderer, RenderedImage } from './image/index.ts';
import { pipelineVersions } from './pipeline-versions.ts';
import type { MediaRow, MediaStore, ReadyMedia, StoredVideo } from './store.ts';
import { type AnnouncedFile, verifyFiles } from './verify/index.ts';
import type { VideoMaker } from './video/index.ts';

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
}

/** What the handlers of media jobs may use. */
export interface MediaServices {
  images: ImageRenderer;
  videos: VideoMaker;
  /** Runs `make` for one media and publishes what it made, once, whatever crashes; settles the job. */
  process(mediaId: string, context: JobContext<void>, make: (making: MediaMaking) => Promise<MadeMedia>): Promise<void>;
  /** Adds renditions to one media that is ready; settles the job. */
  addRenditions(mediaId: string, wanted: ExtraRenditions, context: JobContext<void>): Promise<void>;
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
}): MediaServices {
  const { store, files } = parts;

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
    const prefix = `media/${row.id}/${context.fence}-${randomBytes(16).toString('hex')}`;
    await files.withLocalFile(originalKey, (input) =>
      files.withFolder(async (folder) => {
        const output = join(folder, 'output');
        const scratch = join(folder, 'scratch');
        await Promise.all([mkdir(output), mkdir(scratch)]);
        const made = await make({ input, output, scratch });
        await verifyFiles(output, announcedBy(made), context.signal);
        context.signal.throwIfAborted();
        await show(row, context, { ...made, prefix, renditions: [] }, made, output);
      }),
    );
  }

  /** Publishes, then commits; whoever loses the race for the row takes its own files away again. */
  async function show(row: MediaRow, context: JobContext<void>, ready: ReadyMedia, made: MadeMedia, output: string) {
    try {
      const stored = await files.publish(output, ready.prefix);
      const renditions = withBytes(made, stored, ready.prefix);
      await context.settle(async (tx) => {
        if (!(await store.markReady(tx, row.job_id, { ...ready, renditions })) || made.video) return;
        await parts.followPhoto?.(tx, { mediaId: row.id, ownerId: context.owner ?? '', tenant: context.tenant });
      });
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
  const { images, videos } = parts;
  return {
    images,
    videos,
    process,
    addRenditions: (mediaId, wanted, context) => addRenditions({ store, files, images }, mediaId, wanted, context),
    fetch,
  };
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
