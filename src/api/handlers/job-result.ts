/** GET /v1/jobs/:id/result: the result alone, also one that is too large for the job's row. */
import { z } from 'zod';
import { idParams } from '../../http/page.ts';
import { notFound } from '../../http/problem.ts';
import { route } from '../../http/route.ts';
import type { ApiDeps } from '../deps.ts';
import { heldJob } from '../held.ts';

export function jobResult({ operations }: ApiDeps) {
  return route({
    method: 'get',
    path: '/v1/jobs/:id/result',
    tag: 'jobs',
    summary: "A job's result, from its row or from the file store; null while there is none",
    access: 'key',
    scope: 'jobs:read',
    tenant: heldJob(operations),
    params: idParams,
    answer: { status: 200, description: 'What the handler returned.', schema: z.unknown() },
    async handle({ params }) {
      const result = await operations.result(params.id);
      if (result === undefined) throw notFound('job');
      return { body: result };
    },
  });
}
