/** `/v1/privacy`, `/v1/follow-requests` and `/v1/followers`: who may see what an account shows. */
import { z } from 'zod';
import { hideAccount } from '../../../jobs/realtime/hide-account.job.ts';
import { notify } from '../../../jobs/realtime/notify.job.ts';
import { refreshFeed } from '../../../jobs/realtime/refresh-feed.job.ts';
import { cutPage } from '../../contract/page.ts';
import { contextOf } from '../../http/context.ts';
import { pageOf } from '../../http/page.ts';
import { notFound } from '../../http/problem.ts';
import { type Route, route } from '../../http/route.ts';
import { idPageQuery, userParams } from '../schemas.ts';
import type { SocialServices } from '../services.ts';

const shared = { tag: 'users', access: 'user' } as const;
const privacy = z.object({ private: z.boolean() });

export const putPrivacy = ({ enqueuer, privacy: accounts }: SocialServices): Route =>
  route({
    ...shared,
    method: 'put',
    path: '/v1/privacy',
    summary: 'Make your account private or open; who follows you stays, everybody else loses sight of it at once',
    body: privacy,
    answer: { status: 200, description: 'So it is', schema: privacy },
    async handle({ body, userId, req }) {
      const { traceparent } = contextOf(req);
      await enqueuer.transaction(async (tx, enqueue) => {
        const changed = await accounts.set(tx, userId, body.private);
        if (changed && body.private) await enqueue(hideAccount, { userId }, { traceparent });
      });
      return { body };
    },
  });

export const listFollowRequests = ({ privacy: accounts }: SocialServices): Route =>
  route({
    ...shared,
    method: 'get',
    path: '/v1/follow-requests',
    summary: 'List those who wait to follow you, newest first',
    query: idPageQuery,
    answer: {
      status: 200,
      description: 'A page of requests',
      schema: pageOf(z.object({ userId: z.string(), createdAt: z.iso.datetime() })),
    },
    async handle({ query, userId }) {
      const found = await accounts.requests(userId, { limit: query.limit + 1, before: query.cursor });
      const { items, nextCursor } = cutPage(found, query.limit, ({ id }) => id);
      return { body: { items: items.map(({ userId, createdAt }) => ({ userId, createdAt })), nextCursor } };
    },
  });

export const approveFollowRequest = ({ enqueuer, privacy: accounts }: SocialServices): Route =>
  route({
    ...shared,
    method: 'put',
    path: '/v1/follow-requests/:id',
    summary: 'Let somebody follow you who has asked to',
    params: userParams,
    answer: { status: 204, description: 'The user follows you' },
    async handle({ params: { id }, userId, req }) {
      const options = { traceparent: contextOf(req).traceparent };
      await enqueuer.transaction(async (tx, enqueue) => {
        if (!(await accounts.approve(tx, id, userId))) throw notFound('request');
        await enqueue(refreshFeed, { userIds: [id] }, options);
        await enqueue(notify, about('follow-request', id, userId), options);
        await enqueue(notify, about('follow-accepted', userId, id), options);
      });
      return { status: 204 };
    },
  });

export const denyFollowRequest = ({ enqueuer, privacy: accounts }: SocialServices): Route =>
  route({
    ...shared,
    method: 'delete',
    path: '/v1/follow-requests/:id',
    summary: 'Refuse somebody who has asked to follow you; nobody is told',
    params: userParams,
    answer: { status: 204, description: 'The user does not wait any more' },
    async handle({ params: { id }, userId, req }) {
      const options = { traceparent: contextOf(req).traceparent };
      await enqueuer.transaction(async (tx, enqueue) => {
        if (await accounts.deny(tx, id, userId)) await enqueue(notify, about('follow-request', id, userId), options);
      });
      return { status: 204 };
    },
  });

export const removeFollower = ({ enqueuer, follows, privacy: accounts }: SocialServices): Route =>
  route({
    ...shared,
    method: 'delete',
    path: '/v1/followers/:id',
    summary: 'Remove a follower; your posts leave that feed at once, and nobody is told',
    params: userParams,
    answer: { status: 204, description: 'The user does not follow you' },
    async handle({ params: { id }, userId, req }) {
      const options = { traceparent: contextOf(req).traceparent };
      await enqueuer.transaction(async (tx, enqueue) => {
        if ((await follows.remove(tx, id, userId)) !== 'follow') return;
        await enqueue(refreshFeed, { userIds: [id] }, options);
        await enqueue(notify, about('follow', id, userId), options);
        if (await accounts.isPrivate(tx, userId)) await enqueue(hideAccount, { userId, fromId: id }, options);
      });
      return { status: 204 };
    },
  });

/** Of what concerns two accounts the object is the one that is told. */
function about(kind: 'follow' | 'follow-request' | 'follow-accepted', actorId: string, recipientId: string) {
  return { kind, actorId, recipientId, objectId: recipientId };
}
