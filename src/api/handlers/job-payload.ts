/** GET /v1/jobs/:id/payload: the payload alone, also one that is too large for the job's row. */
import { z } from 'zod';
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
    answer: { status: 200, description: 'The payload as it was enqueued.', schema: z.unknown() },
    async handle({ params }) {
      const payload = await operations.payload(params.id);
      if (payload === undefined) throw notFound('job');
      return { body: payload };
    },
  });
}
