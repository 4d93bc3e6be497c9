/** Keys of stored files: relative paths of our own making, checked again before they become paths of a disk. */
import { TwolaneError } from '../contract/index.ts';

const segment = /^[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}$/;

/** True for `media/42/7-9f…/640.webp`; false for anything with `..`, empty parts, backslashes, NUL or an absolute start. */
export function isKey(key: string): boolean {
  const parts = key.split('/');
  return key.length <= 512 && parts.length <= 8 && parts.every((part) => segment.test(part));
}

/** @throws TwolaneError `invalid_key` */
export function assertKey(key: string): string {
  if (!isKey(key))
    throw new TwolaneError('invalid_key', 'A file key is a short relative path of letters, digits, . _ -');
  return key;
}
