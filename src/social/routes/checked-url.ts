/** A URL of a user's choice, if anything is ever sent there. */
import { TwolaneError } from '../../contract/errors.ts';
import type { NotificationServices } from '../notifications/index.ts';
import { urlRefused } from '../problems.ts';

/** @throws Problem 422 `url_refused` at the pointer. */
export function checkedUrl({ checkUrl }: Pick<NotificationServices, 'checkUrl'>, url: string, pointer: string): string {
  try {
    checkUrl(url);
    return url;
  } catch (error) {
    if (error instanceof TwolaneError && error.code === 'url_refused') throw urlRefused(error.message, pointer);
    throw error;
  }
}
