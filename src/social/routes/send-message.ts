/** `POST /v1/threads/:id/messages`: writes a direct message. */
import { z } from 'zod';
import { contextOf } from '../../http/context.ts';
import { type Route, route } from '../../http/route.ts';
import { threadParams } from '../schemas.ts';
import type { SocialServices } from '../services.ts';

const body = z.object({
  text: z.string().trim().min(1).max(10_000),
  clientMessageId: z.string().min(1).max(64).describe('Of your choice; the same again answers the same message'),
});

export const sendMessage = ({ abuse, direct }: SocialServices): Route =>
  route({
    method: 'post',
    path: '/v1/threads/:id/messages',
    tag: 'direct',
    summary: 'Write a message',
    access: 'user',
    params: threadParams,
    body,
    answer: {
      status: 202,
      description: 'It is written, and is being delivered',
      schema: z.object({ id: z.string(), seq: z.number().int().describe('Its place in the thread, from 1') }),
    },
    async handle({ params, body: message, userId: senderId, actor, req }) {
      const { traceparent } = contextOf(req);
      await abuse.admit('message', senderId, actor);
      const sent = await direct.sending.send({ threadId: params.id, senderId, traceparent, ...message });
      return { status: 202, body: sent };
    },
  });
