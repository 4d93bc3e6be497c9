/** `GET /v1/threads/:id/messages`: what was written in a thread. */
import { cutPage } from '../../contract/page.ts';
import { pageOf } from '../../http/page.ts';
import { notFound } from '../../http/problem.ts';
import { type Route, route } from '../../http/route.ts';
import { shownMessage } from '../direct/view.ts';
import { idPageQuery, message, threadParams } from '../schemas.ts';
import type { SocialServices } from '../services.ts';

export const listMessages = ({ direct, follows }: SocialServices): Route =>
  route({
    method: 'get',
    path: '/v1/threads/:id/messages',
    tag: 'direct',
    summary: 'Read a thread, newest first',
    access: 'user',
    params: threadParams,
    query: idPageQuery,
    answer: { status: 200, description: 'A page of messages', schema: pageOf(message) },
    async handle({ params: { id }, query: { limit, cursor }, userId }) {
      const thread = await direct.threads.forMember(id, userId);
      if (!thread) throw notFound('thread');
      const through = cursor === undefined ? thread.lastSeq : Math.min(thread.lastSeq, Number(cursor) - 1);
      const [found, apart] = await Promise.all([
        direct.messages.page(id, { through, limit: limit + 1 }),
        follows.apartFrom(userId, thread.memberIds),
      ]);
      const { items, nextCursor } = cutPage(found, limit, ({ seq }) => String(seq));
      return { body: { items: items.map((item) => shownMessage(item, apart)), nextCursor } };
    },
  });
