/** Says that the image itself is at fault, or that it needs more than an image may use. */
import { NonRetryableError, TwolaneError } from '../../contract/index.ts';

/** Why an image is refused; docs/media.md says what each means. */
export type ImageRefusal =
  | 'invalid_image'
  | 'unsupported_format'
  | 'heic_unsupported'
  | 'too_many_bytes'
  | 'too_many_pixels'
  | 'side_too_long'
  | 'too_many_frames'
  | 'too_many_channels';

/** Thrown by a step for an image that no further attempt can render; the message is shown to its owner. */
export function refuseImage(code: ImageRefusal, message: string, cause?: unknown): never {
  throw new NonRetryableError(message, { code, cause });
}

/** What a decoder's complaint comes to: it ran into the limit of its process, or the file is at fault. */
export function decodingFailed(error: unknown): never {
  if (error instanceof TwolaneError) throw error;
  if (error instanceof Error && /out of memory|cannot allocate|bad_alloc/i.test(error.message))
    throw new TwolaneError('image_too_costly', 'The image needed more memory than an image may use', { cause: error });
  return refuseImage('invalid_image', 'The image is damaged or incomplete', error);
}
