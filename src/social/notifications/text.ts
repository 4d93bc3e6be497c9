/** The sentence of a notification: "Ana liked your photo", "Mia and 12 others liked your photo". */
import { type NotificationKind, typeOf } from './types.ts';

/**
 * @param names the newest actor first; the first is always named, the second when there are exactly two.
 * @param count actors in all, at least `names.length`.
 * @param noun what the object is called: photo, video, post.
 */
export function notificationText(
  kind: NotificationKind,
  names: readonly string[],
  count: number,
  noun = 'post',
): string {
  return typeOf(kind).sentence(who(names, count), noun);
}

function who([first = 'Somebody', second]: readonly string[], count: number): string {
  if (count <= 1) return first;
  if (count === 2 && second !== undefined) return `${first} and ${second}`;
  return `${first} and ${count - 1} ${count === 2 ? 'other' : 'others'}`;
}
