/** `GET /v1/inbox`: one's threads, with what is unread in them. */
import { z } from 'zod';
import { cutPage } from '../../contract/page.ts';
import { pageOf } from '../../http/page.ts';
import { type Route, route } from '../../http/route.ts';
import { shownMessage } from '../direct/view.ts';
import { idPageQuery, message } from '../schemas.ts';
import type { SocialServices } from '../services.ts';

const thread = z.object({
  id: z.string(),
  members: z
    .array(
      z.object({
        id: z.string(),
        username: z.string().nullable(),
        deliveredSeq: z.number().int().describe('What came to one of his screens'),
        readSeq: z.number().int(),
      }),
    )
    .describe('Yourself among them'),
  unreadCount: z.number().int(),
  lastMessage: message.nullable(),
});

export const getInbox = ({ direct, follows, users }: SocialServices): Route =>
  route({
    method: 'get',
    path: '/v1/inbox',
    tag: 'direct',
    summary: 'List your threads, the newest message first',
    access: 'user',
    query: idPageQuery,
    answer: { status: 200, description: 'A page of threads', schema: pageOf(thread) },
    async handle({ query: { limit, cursor }, userId }) {
      const found = await direct.inboxes.page(userId, { limit: limit + 1, before: cursor });
      const { items, nextCursor } = cutPage(found, limit, ({ rank }) => rank);
      const others = [...new Set(items.flatMap(({ members }) => members.map(({ id }) => id)))];
      const [last, names, apart] = await Promise.all([
        direct.messages.find(items.map(({ id, lastSeq }) => ({ threadId: id, seq: lastSeq }))),
        users.names(others),
        follows.apartFrom(userId, others),
      ]);
      const newest = new Map(last.map((message) => [message.threadId, shownMessage(message, apart)]));
      const views = items.map(({ id, members, unreadCount }) => ({
        id,
        members: members.map((member) => ({ ...member, username: names.get(member.id) ?? null })),
        unreadCount,
        lastMessage: newest.get(id) ?? null,
      }));
      return { body: { items: views, nextCursor } };
    },
  });
