/** POST /v1/jobs/:id/cancel, /retry, /discard and /restore: what may be done to one job. */
import { z } from 'zod';
import { InvalidPayloadError, UnknownJobTypeError } from '../../contract/errors.ts';
import { changedFields, fieldProblems } from '../../contract/pointer.ts';
import type { Json } from '../../contract/words.ts';
import { audited } from '../../http/audit.ts';
import { discardBody } from '../../http/operation-calls.ts';
import { idParams } from '../../http/page.ts';
import { type Call, type Route, route } from '../../http/route.ts';
import type { ApiDeps } from '../deps.ts';
import { heldJob } from '../held.ts';
import { bodyLimitOf, pointingUnder } from '../new-job.ts';
import { visibleJob } from '../own-job.ts';
import { movedSchema } from '../schemas.ts';

const shared = { method: 'post', tag: 'jobs', access: 'key', scope: 'jobs:operate', params: idParams } as const;
const answer = { status: 202, description: 'The state that follows.', schema: movedSchema };

export const cancelJob = (deps: ApiDeps) =>
  moveRoute(deps, 'cancel', 'Cancel a job that has not ended; a running one is aborted');
export const restoreJob = (deps: ApiDeps) =>
  moveRoute(deps, 'restore', 'Make a job dead again that was discarded a moment ago');

function moveRoute(deps: ApiDeps, action: 'cancel' | 'restore', summary: string): Route {
  return route({
    ...shared,
    tenant: heldJob(deps.operations),
    path: `/v1/jobs/:id/${action}`,
    summary,
    answer,
    async handle({ params: { id }, actor }) {
      await visibleJob(deps.operations, id, actor);
      const entry = { actor: actor.name, action, target: id };
      return { body: { id, state: await audited(deps, entry, () => deps.operations[action](id)) } };
    },
  });
}

export function discardJob(deps: ApiDeps): Route {
  return route({
    ...shared,
    tenant: heldJob(deps.operations),
    path: '/v1/jobs/:id/discard',
    summary: 'Give a dead job up; for good where that is said',
    body: discardBody,
    answer,
    async handle({ params: { id }, body, actor }) {
      await visibleJob(deps.operations, id, actor);
      const entry = {
        actor: actor.name,
        action: 'discard',
        target: id,
        detail: body?.forGood ? { forGood: true } : undefined,
      };
      return { body: { id, state: await audited(deps, entry, () => deps.operations.discard(id, body)) } };
    },
  });
}

export function retryJob(deps: ApiDeps): Route {
  return route({
    ...shared,
    tenant: heldJob(deps.operations),
    path: '/v1/jobs/:id/retry',
    summary: 'Put a dead job back, with another payload where given; run a scheduled one now',
    body: z.strictObject({ payload: z.unknown().optional() }).optional(),
    bodyLimitBytes: bodyLimitOf(deps.config),
    answer,
    handle: ({ params, body, actor }) => retry(deps, params.id, body?.payload as Json | undefined, actor),
  });
}

async function retry(deps: ApiDeps, id: string, payload: Json | undefined, actor: Call['actor']) {
  const before = await visibleJob(deps.operations, id, actor);
  const complete = payload === undefined ? undefined : await deps.operations.complete(before, payload);
  const version = complete === undefined ? undefined : checkPayload(deps, before.type, complete);
  const detail = payload === undefined ? undefined : { edited: changedFields(before.payload, payload) };
  const state = await audited(deps, { actor: actor.name, action: 'retry', target: id, detail }, (auditId) =>
    deps.operations.retry(id, { payload: complete, version, auditId }),
  );
  return { body: { id, state } };
}

/** Answers the version that the payload was checked against. */
function checkPayload({ catalog }: ApiDeps, type: string, payload: Json): number {
  const job = catalog[type];
  if (!job) throw new UnknownJobTypeError(type);
  const parsed = job.payload.safeParse(payload);
  if (!parsed.success) pointingUnder('/payload')(new InvalidPayloadError(type, fieldProblems(parsed.error)));
  return job.version;
}
