/** How one media is processed: a private folder, files under a prefix of this attempt, and one commit that shows them. */
import { randomBytes } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { FileStore, FilterName, JobContext, Queryable, StoredFile } from '../contract/index.ts';
import { type FolderStore, publishFolder } from './folders.ts';
import type { RenderedImage } from './image/index.ts';
import type { RenderedFile } from './image/protocol.ts';
import { isolated } from './isolated.ts';
import type { PieceStore } from './piece-store.ts';
import { pipelineVersions } from './pipeline-versions.ts';
import type { MediaRow, MediaStore, ReadyMedia, StoredRendition, StoredVideo } from './store.ts';
import { type AnnouncedFile, verifyFiles } from './verify/index.ts';

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
  /** Shows what there is so far, while the media goes on being processed. The folder is empty afterwards. */
  preview(made: MadeMedia): Promise<void>;
}

/** A photo that was made ready. */
export interface ReadyPhoto {
  mediaId: string;
  /** Of the job that made it. */
  mediaJobId: string;
  ownerId: string;
  tenant: string | undefined;
  /** Looks that are missing: somebody with the same bytes asked for them meanwhile. */
  filters: FilterName[];
}

export interface AttemptParts {
  store: MediaStore;
  files: FileStore;
  folders: FolderStore;
  pieces: PieceStore;
  /** What follows once a photo is ready, in the transaction that makes it so. Default: nothing. */
  followPhoto?(tx: Queryable, photo: ReadyPhoto): Promise<void>;
}

/** See `MediaServices.process`. */
export async function processMedia(
  parts: AttemptParts,
  mediaId: string,
  context: JobContext<void>,
  make: (making: MediaMaking) => Promise<MadeMedia>,
): Promise<void> {
  const { store, files } = parts;
  const row = await store.findForJob(mediaId, context.id);
  if (!row?.original_key || row.state === 'ready') return;
  await store.restart(row, row.kind ? pipelineVersions[row.kind] : undefined);
  await files.withLocalFile(row.original_key, (original) =>
    files.withFolder(async (folder) => {
      const [output, scratch] = [join(folder, 'output'), join(folder, 'scratch')];
      await Promise.all([mkdir(output), mkdir(scratch)]);
      const input = await isolated(original, join(folder, 'source'), basename(row.original_key as string));
      const preview = async (made: MadeMedia) => {
        await checked(output, made, context.signal);
        await show(parts, { row, made, output, fence: context.fence }, (ready, shown) =>
          parts.pieces.showEarly(row, ready, shown),
        );
        await rm(output, { recursive: true, force: true });
        await mkdir(output);
      };
      const made = await make({ input, output, scratch, row, preview });
      await checked(output, made, context.signal);
      await show(parts, { row, made, output, fence: context.fence }, (ready, shown) =>
        context.settle((tx) => settle(parts, { row, made, ready, shown }, context, tx)),
      );
    }),
  );
}

interface Shown {
  row: MediaRow;
  made: MadeMedia;
  output: string;
  fence: number;
}

async function show(
  parts: AttemptParts,
  { row, made, output, fence }: Shown,
  commit: (ready: ReadyMedia, shown: (tx: Queryable) => Promise<void>) => Promise<void>,
): Promise<void> {
  const prefix = `media/${row.id}/${fence}-${randomBytes(16).toString('hex')}`;
  await publishFolder(parts, { mediaId: row.id, output, prefix }, (stored, shown) =>
    commit({ ...made, prefix, renditions: withBytes(made.renditions, stored, prefix) }, shown),
  );
}

async function settle(
  { store, followPhoto }: AttemptParts,
  {
    row,
    made,
    ready,
    shown,
  }: Pick<Shown, 'row' | 'made'> & {
    ready: ReadyMedia;
    shown: (tx: Queryable) => Promise<void>;
  },
  { owner = '', tenant }: JobContext<void>,
  tx: Queryable,
): Promise<void> {
  const asked = await store.markReady(tx, row.job_id, ready);
  if (!asked) return;
  await shown(tx);
  if (made.video) return;
  const filters = asked.filter((name) => !made.renditions.some(({ filter }) => filter === name));
  await followPhoto?.(tx, { mediaId: row.id, mediaJobId: row.job_id, ownerId: owner, tenant, filters });
}

/** @throws TwolaneError `unexpected_output` when the folder holds anything else than was announced */
export async function checked(output: string, made: MadeMedia, signal: AbortSignal): Promise<void> {
  await verifyFiles(output, announcedBy(made), signal);
  signal.throwIfAborted();
}

/** What is to be verified. */
export function announcedBy({ renditions, files = [] }: Pick<MadeMedia, 'renditions' | 'files'>): AnnouncedFile[] {
  const images = renditions.flatMap(({ format, ...file }) =>
    // A film among the renditions is announced as the video that it is.
    format === 'mp4' ? [] : { ...file, format, kind: 'image' as const },
  );
  return [...images, ...files];
}

export function withBytes(
  renditions: readonly RenderedFile[],
  stored: readonly StoredFile[],
  prefix: string,
): StoredRendition[] {
  const bytes = new Map(stored.map((file) => [file.key, file.bytes]));
  return renditions.map((file) => {
    const size = bytes.get(`${prefix}/${file.name}`);
    if (size === undefined) throw new TypeError(`The rendition ${file.name} was announced and not written`);
    return { ...file, bytes: size };
  });
}
