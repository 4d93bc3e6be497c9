/** `POST /v1/threads`: opens the thread of some people. */
import { z } from 'zod';
import { type Route, route } from '../../http/route.ts';
import { notYourself } from '../problems.ts';
import { userId as aUser } from '../schemas.ts';
import type { SocialServices } from '../services.ts';

const body = z.object({
  memberIds: z
    .array(aUser)
    .min(1)
    .max(31)
    .refine((ids) => new Set(ids).size === ids.length, 'must not name anybody twice')
    .describe('The others, 1 to 31'),
});

export const createThread = ({ direct }: SocialServices): Route =>
  route({
    method: 'post',
    path: '/v1/threads',
    tag: 'direct',
    summary: 'Open the thread of yourself and others; the same people always have the same one',
    access: 'user',
    body,
    answer: { status: 201, description: 'The thread', schema: z.object({ id: z.string() }) },
    async handle({ body: { memberIds }, userId }) {
      if (memberIds.includes(userId)) throw notYourself('message', `/memberIds/${memberIds.indexOf(userId)}`);
      return { status: 201, body: { id: await direct.sending.open(userId, memberIds) } };
    },
  });
