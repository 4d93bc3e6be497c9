/** Says that the image itself is at fault. */
import { NonRetryableError } from '../../contract/index.ts';

/** Thrown by a step for an image that no further attempt can render; the message is shown to its owner. */
export function refuseImage(code: 'invalid_image' | 'too_many_pixels', message: string, cause?: unknown): never {
  throw new NonRetryableError(message, { code, cause });
}
