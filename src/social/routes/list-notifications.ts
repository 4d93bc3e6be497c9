/** `GET /v1/notifications`: who did what, unread ones first. */
import { z } from 'zod';
import { cutPage } from '../../contract/page.ts';
import { pageOf, pageQuery } from '../../http/page.ts';
import { type Route, route } from '../../http/route.ts';
import { decodeCursor, encodeCursor } from '../notifications/cursor.ts';
import { notificationKinds } from '../notifications/types.ts';
import { toView } from '../notifications/view.ts';
import type { SocialServices } from '../services.ts';

const notification = z.object({
  id: z.string(),
  kind: z.enum(notificationKinds),
  actors: z.array(z.object({ id: z.string(), username: z.string().nullable() })).describe('The newest three'),
  count: z.number().int().describe('Actors in all'),
  objectId: z
    .string()
    .describe(
      'The post; for a follow yourself, for a message the thread, for what is like nothing else an id of its own',
    ),
  text: z.string(),
  createdAt: z.iso.datetime().describe('When the newest actor joined'),
  readAt: z.iso.datetime().nullable(),
});

const query = z.object({
  ...pageQuery,
  cursor: z
    .string()
    .refine((text) => decodeCursor(text) !== undefined, 'must be a nextCursor of this list')
    .optional(),
});

export const listNotifications = ({ notifications, users }: SocialServices): Route =>
  route({
    method: 'get',
    path: '/v1/notifications',
    tag: 'notifications',
    summary: 'List your notifications: unread first, then newest first',
    access: 'user',
    query,
    answer: {
      status: 200,
      description: 'A page of notifications',
      schema: pageOf(notification),
    },
    async handle({ query: { limit, cursor }, userId }) {
      const after = cursor === undefined ? undefined : decodeCursor(cursor);
      const found = await notifications.list.page(userId, { limit: limit + 1, after });
      const { items, nextCursor } = cutPage(found, limit, encodeCursor);
      const names = await users.names([...new Set(items.flatMap((item) => item.actorIds))]);
      return { body: { items: items.map((item) => toView(item, names)), nextCursor } };
    },
  });
