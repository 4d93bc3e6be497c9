/** The cursor of the notification list, in which unread ones come first: `u` or `r` and the rank of the last item. */
import { isId } from '../../contract/words.ts';

export interface NotificationCursor {
  unread: boolean;
  rank: string;
}

export function encodeCursor({ unread, rank }: NotificationCursor): string {
  return `${unread ? 'u' : 'r'}${rank}`;
}

/** Undefined for anything that `encodeCursor` did not make. */
export function decodeCursor(text: string): NotificationCursor | undefined {
  const rank = text.slice(1);
  if (!/^[ur]/.test(text) || !isId(rank)) return undefined;
  return { unread: text.startsWith('u'), rank };
}
