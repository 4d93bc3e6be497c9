/** `POST /v1/threads/:id/read`: tells the others how far one has read. */
import { z } from 'zod';
import { notFound } from '../../http/problem.ts';
import { type Route, route } from '../../http/route.ts';
import { threadParams } from '../schemas.ts';
import type { SocialServices } from '../services.ts';

export const readThread = ({ direct }: SocialServices): Route =>
  route({
    method: 'post',
    path: '/v1/threads/:id/read',
    tag: 'direct',
    summary: 'Mark a thread as read, through a message or to its end; never takes it back',
    access: 'user',
    params: threadParams,
    body: z.object({ seq: z.int().min(1).optional() }).default({}),
    answer: { status: 204, description: 'It is read' },
    async handle({ params: { id: threadId }, body: { seq }, userId }) {
      const thread = await direct.threads.forMember(threadId, userId);
      if (!thread) throw notFound('thread');
      await direct.receipts.read({ threadId, userId, seq: Math.min(seq ?? thread.lastSeq, thread.lastSeq) });
      return { status: 204 };
    },
  });
