/** More renditions for a picture that is shown already: they appear all at once, and what is there stays as it is. */
import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { ExtraRenditions, JobContext } from '../contract/index.ts';
import { checked, withBytes } from './attempt.ts';
import { type PublishParts, publishFolder } from './folders.ts';
import type { ImageRenderer, RenderedImage } from './image/index.ts';
import { isolated } from './isolated.ts';
import type { MediaRow, MediaStore } from './store.ts';

export interface AdditionParts extends PublishParts {
  store: MediaStore;
  images: ImageRenderer;
}

/** The media that was asked for, and the job that made it ready: others may share both, and need it when that one is gone. */
export interface MediaToExtend {
  mediaId: string;
  mediaJobId?: string | undefined;
}

/** Makes what is not there yet and settles the job. Does nothing for a media that is gone or not ready. */
export async function addRenditions(
  parts: AdditionParts,
  { mediaId, mediaJobId }: MediaToExtend,
  wanted: ExtraRenditions,
  context: JobContext<void>,
): Promise<void> {
  const row = await parts.store.findForJob(mediaId, mediaJobId ?? '0');
  if (!row?.original_key || row.state !== 'ready') return;
  const missing = missingOf(row, wanted);
  if (missing.filters.length === 0 && !missing.avif) return;
  await parts.files.withLocalFile(row.original_key, (original) =>
    parts.files.withFolder(async (folder) => {
      const output = join(folder, 'output');
      await mkdir(output);
      const input = await isolated(original, join(folder, 'source'), basename(row.original_key as string));
      context.progress(5, 'rendering');
      const made = await parts.images.render(input, output, context.signal, missing);
      await checked(output, made, context.signal);
      context.progress(90, 'publishing');
      await show(parts, row, context, made, output);
    }),
  );
}

function missingOf({ renditions }: MediaRow, { filters = [], avif = false }: ExtraRenditions) {
  const made = new Set(renditions.map(({ filter }) => filter));
  return {
    filters: filters.filter((name) => !made.has(name)),
    avif: avif && !renditions.some(({ format }) => format === 'avif'),
  };
}

/** Beside the folder that is shown, so that it goes when that one goes. */
async function show(
  parts: AdditionParts,
  row: MediaRow,
  context: JobContext<void>,
  { renditions }: RenderedImage,
  output: string,
) {
  const prefix = `${dirname(row.prefix as string)}/${context.fence}-${randomBytes(16).toString('hex')}`;
  await publishFolder(parts, { mediaId: row.id, output, prefix }, async (stored, shown) => {
    const added = withBytes(renditions, stored, prefix).map((file) => ({ ...file, prefix }));
    await context.settle(async (tx) => {
      if (await parts.store.addRenditions(tx, row, added)) await shown(tx);
    });
  });
}
