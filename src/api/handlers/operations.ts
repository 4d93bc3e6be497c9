/** Operations: one change to many jobs, made by a job in the background, to be watched, aborted and undone. */
import { z } from 'zod';
import { withinTenant } from '../../http/auth/tenant.ts';
import { operationBody, operationSchema, startOperation, steerOperation } from '../../http/operation-calls.ts';
import { idParams, pageOf, pageQuery } from '../../http/page.ts';
import { notFound } from '../../http/problem.ts';
import { type Route, route } from '../../http/route.ts';
import type { ApiDeps } from '../deps.ts';
import { heldOperation } from '../held.ts';
import { summarySchema } from '../schemas.ts';

const shared = { tag: 'operations', access: 'key' } as const;
const operate = { ...shared, scope: 'jobs:operate' } as const;
const read = { ...shared, scope: 'jobs:read' } as const;
const accepted = { status: 202, description: 'The operation as it stands.', schema: operationSchema };

const previewSchema = z
  .object({
    matched: z.int().describe('Jobs that fit; a lower bound when `capped`.'),
    capped: z.boolean(),
    samples: z.array(summarySchema),
  })
  .meta({ id: 'OperationPreview' });

export function operationRoutes(deps: ApiDeps): readonly Route[] {
  return [start(deps), list(deps), get(deps), abort(deps), undo(deps)];
}

function start(deps: ApiDeps): Route {
  return route({
    ...operate,
    method: 'post',
    tenant: 'own',
    path: '/v1/operations',
    summary: 'Redrive, discard or cancel many jobs; with `dryRun`, say which',
    body: operationBody,
    answer: { ...accepted, schema: z.union([operationSchema, previewSchema]) },
    async handle({ body: { dryRun, ...asked }, actor }) {
      const tenant = withinTenant(actor, asked.filter.tenant);
      const request = { ...asked, filter: { ...asked.filter, ...(tenant !== undefined && { tenant }) } };
      if (dryRun) return { status: 200, body: await deps.massOperations.preview(request) };
      return { body: await startOperation(deps, request, actor.name) };
    },
  });
}

function list({ massOperations }: ApiDeps): Route {
  return route({
    ...read,
    tenant: 'own',
    method: 'get',
    path: '/v1/operations',
    summary: 'Operations, the newest first',
    query: z.strictObject(pageQuery),
    answer: { status: 200, description: 'A page of operations.', schema: pageOf(operationSchema) },
    handle: async ({ query, actor }) => ({ body: await massOperations.list({ ...query, tenant: actor.tenant }) }),
  });
}

function get({ massOperations }: ApiDeps): Route {
  return route({
    ...read,
    tenant: heldOperation(massOperations),
    method: 'get',
    path: '/v1/operations/:id',
    summary: 'How far an operation is',
    params: idParams,
    answer: { status: 200, description: 'The operation.', schema: operationSchema },
    async handle({ params }) {
      const operation = await massOperations.get(params.id);
      if (!operation) throw notFound('operation');
      return { body: operation };
    },
  });
}

function abort(deps: ApiDeps): Route {
  return route({
    ...operate,
    tenant: heldOperation(deps.massOperations),
    method: 'delete',
    path: '/v1/operations/:id',
    summary: 'Abort an operation: it moves no further job',
    params: idParams,
    answer: accepted,
    handle: async ({ params, actor }) => ({ body: await steerOperation(deps, 'abort', params.id, actor.name) }),
  });
}

function undo(deps: ApiDeps): Route {
  return route({
    ...operate,
    tenant: heldOperation(deps.massOperations),
    method: 'post',
    path: '/v1/operations/:id/undo',
    summary: 'Make the jobs dead again that an operation has discarded',
    params: idParams,
    answer: accepted,
    handle: async ({ params, actor }) => ({ body: await steerOperation(deps, 'undo', params.id, actor.name) }),
  });
}
