/** GET /v1/jobs/:id/payload and POST /reveal: the payload alone, also one that is too large for the job's row; with its secrets. */
import { z } from 'zod';
import { audited } from '../../http/audit.ts';
import { idParams } from '../../http/page.ts';
import { notFound } from '../../http/problem.ts';
import { route } from '../../http/route.ts';
import type { ApiDeps } from '../deps.ts';
import { heldJob } from '../held.ts';

export function jobPayload({ operations }: ApiDeps) {
  return route({
    method: 'get',
    path: '/v1/jobs/:id/payload',
    tag: 'jobs',
    summary: "A job's payload, from its row or from the file store",
    access: 'key',
    scope: 'jobs:read',
    tenant: heldJob(operations),
    params: idParams,
    answer: { status: 200, description: 'The payload as it was enqueued, secret fields masked.', schema: z.unknown() },
    async handle({ params }) {
      const payload = await operations.payload(params.id);
      if (payload === undefined) throw notFound('job');
      return { body: payload };
    },
  });
}

export function revealJob(deps: ApiDeps) {
  return route({
    method: 'post',
    path: '/v1/jobs/:id/reveal',
    tag: 'jobs',
    summary: "A job's payload with its secret fields in clear; the audit says who asked",
    access: 'key',
    scope: 'jobs:reveal',
    tenant: heldJob(deps.operations),
    params: idParams,
    answer: { status: 200, description: 'The payload as it was enqueued.', schema: z.unknown() },
    async handle({ params: { id }, actor }) {
      const payload = await audited(deps, { actor: actor.name, action: 'reveal', target: id }, async () => {
        const found = await deps.operations.reveal(id);
        if (found === undefined) throw notFound('job');
        return found;
      });
      return { body: payload, headers: { 'cache-control': 'no-store' } };
    },
  });
}
