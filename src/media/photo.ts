/** The course of one photo: its renditions, and of a long animation a video beside them. */
import { join } from 'node:path';
import { type JobContext, TwolaneError } from '../contract/index.ts';
import type { MadeMedia } from './attempt.ts';
import type { ImageRenderer, RenderedImage } from './image/index.ts';
import { type FilmMaking, makeFilm } from './video/index.ts';
import type { MediaServices } from './work.ts';

export interface PhotoParts {
  images: ImageRenderer;
  process: MediaServices['process'];
}

/** See `MediaServices.processPhoto`. */
export function processPhoto(
  { images, process }: PhotoParts,
  mediaId: string,
  context: JobContext<void>,
): Promise<void> {
  return process(mediaId, context, async ({ input, output, scratch, row: { filters } }) => {
    context.progress(5, 'rendering');
    const frames = join(scratch, 'frames.ivf');
    const wanted = { plain: true, squares: true, animation: true, filters, film: frames };
    const image = await images.render(input, output, context.signal, wanted);
    const made = await withFilm(image, { frames, output, signal: context.signal }, context);
    context.progress(90, 'publishing');
    return made;
  });
}

async function withFilm(image: RenderedImage, making: FilmMaking, context: JobContext<void>): Promise<MadeMedia> {
  if (!image.film) return image;
  try {
    const { rendition, file } = await makeFilm(image.film, making);
    return { ...image, renditions: [...image.renditions, rendition], files: [file] };
  } catch (error) {
    // Photos need no ffmpeg.
    if (!(error instanceof TwolaneError) || error.code !== 'ffmpeg_missing') throw error;
    context.log('No MP4 of a long animation: there is no ffmpeg here');
    return image;
  }
}
