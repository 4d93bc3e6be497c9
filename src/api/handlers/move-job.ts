/** POST /v1/jobs/:id/cancel, /retry and /discard: what may be done to one job. */
import { z } from 'zod';
import { InvalidPayloadError, UnknownJobTypeError } from '../../contract/errors.ts';
import { fieldProblems } from '../../contract/pointer.ts';
import type { Json } from '../../contract/words.ts';
import { idParams } from '../../http/page.ts';
import { type Call, type Route, route } from '../../http/route.ts';
import type { ApiDeps } from '../deps.ts';
import { pointingUnder } from '../new-job.ts';
import { visibleJob } from '../own-job.ts';
import { movedSchema } from '../schemas.ts';

const shared = { method: 'post', tag: 'jobs', access: 'key', scope: 'jobs:operate', params: idParams } as const;
const answer = { status: 202, description: 'The state that follows.', schema: movedSchema };

export function cancelJob({ operations }: ApiDeps) {
  return route({
    ...shared,
    path: '/v1/jobs/:id/cancel',
    summary: 'Cancel a job that has not ended; a running one is aborted',
    answer,
    async handle({ params, actor }) {
      await visibleJob(operations, params.id, actor);
      return { body: { id: params.id, state: await operations.cancel(params.id) } };
    },
  });
}

export function discardJob({ operations }: ApiDeps) {
  return route({
    ...shared,
    path: '/v1/jobs/:id/discard',
    summary: 'Give a dead job up',
    answer,
    async handle({ params, actor }) {
      await visibleJob(operations, params.id, actor);
      return { body: { id: params.id, state: await operations.discard(params.id) } };
    },
  });
}

export function retryJob(deps: ApiDeps): Route {
  return route({
    ...shared,
    path: '/v1/jobs/:id/retry',
    summary: 'Put a dead job back, with another payload where given; run a scheduled one now',
    body: z.strictObject({ payload: z.unknown().optional() }).optional(),
    answer,
    handle: ({ params, body, actor }) => retry(deps, params.id, body?.payload as Json | undefined, actor),
  });
}

async function retry({ operations, catalog }: ApiDeps, id: string, payload: Json | undefined, actor: Call['actor']) {
  const { type } = await visibleJob(operations, id, actor);
  if (payload === undefined) return { body: { id, state: await operations.retry(id) } };
  const job = catalog[type];
  if (!job) throw new UnknownJobTypeError(type);
  const parsed = job.payload.safeParse(payload);
  if (!parsed.success) pointingUnder('/payload')(new InvalidPayloadError(type, fieldProblems(parsed.error)));
  return { body: { id, state: await operations.retry(id, { payload, version: job.version }) } };
}
