/** Puts a dead job back, with another payload where one is given, or runs a scheduled one now. */
import { z } from 'zod';
import { InvalidPayloadError, UnknownJobTypeError } from '../../src/contract/errors.ts';
import type { Catalog } from '../../src/contract/job.ts';
import { changedFields, fieldProblems } from '../../src/contract/pointer.ts';
import type { Json } from '../../src/contract/words.ts';
import { audited } from '../../src/http/audit.ts';
import { notFound } from '../../src/http/problem.ts';
import { type Route, route } from '../../src/http/route.ts';
import { jobParams, type Services, tag } from '../services.ts';

/** The size of a payload is checked against the configuration; this keeps larger bodies out of the memory. */
const largestBody = 64 * 1024 * 1024;

export const retryJob = (services: Services): Route =>
  route({
    method: 'post',
    path: '/api/jobs/:id/retry',
    tag,
    summary: 'Retry a job',
    access: 'operator',
    scope: 'jobs:operate',
    params: jobParams,
    body: z.strictObject({ payload: z.json().optional() }),
    bodyLimitBytes: largestBody,
    answer: { status: 202, description: 'The state that follows' },
    async handle({ params, body, actor }) {
      const { payload } = body;
      const edit = payload === undefined ? undefined : await checkEdit(services, params.id, payload);
      const entry = {
        actor: actor.name,
        action: 'retry',
        target: params.id,
        detail: edit && { edited: edit.edited },
      };
      const state = await audited(services, entry, (auditId) =>
        services.operations.retry(params.id, { payload: edit?.payload, version: edit?.version, auditId }),
      );
      return { status: 202, body: { state } };
    },
  });

/** Answers the payload in full, the version that it was checked against, and which fields change. */
async function checkEdit({ operations, catalog }: Services, id: string, payload: Json) {
  const job = await operations.get(id);
  if (!job) throw notFound('job');
  const definition = definitionOf(catalog, job.type);
  const complete = await operations.complete(job, payload);
  const parsed = definition.payload.safeParse(complete);
  if (!parsed.success) throw new InvalidPayloadError(job.type, fieldProblems(parsed.error, ['payload']));
  return { payload: complete, version: definition.version, edited: changedFields(job.payload, payload) };
}

function definitionOf(catalog: Catalog, type: string) {
  const definition = catalog[type];
  if (!definition) throw new UnknownJobTypeError(type);
  return definition;
}
