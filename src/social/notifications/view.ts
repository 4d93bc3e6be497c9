/** A notification as the API shows it. */
import type { Notification } from './store.ts';
import { notificationText } from './text.ts';

/** @param names usernames by id; users of another product go by their id. */
export function toView(item: Notification, names: ReadonlyMap<string, string>) {
  const { id, kind, count, objectId, noun, actorIds } = item;
  const called = actorIds.map((actor) => names.get(actor) ?? actor);
  return {
    id,
    kind,
    actors: actorIds.map((actor) => ({ id: actor, username: names.get(actor) ?? null })),
    count,
    objectId,
    text: notificationText(kind, called, count, noun ?? undefined),
    createdAt: item.createdAt.toISOString(),
    readAt: item.readAt?.toISOString() ?? null,
  };
}
