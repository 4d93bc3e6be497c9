/** Redrives or discards a group of dead jobs, or says first how many that would be. */
import { operationBody, startOperation } from '../../src/http/operation-calls.ts';
import { type Route, route } from '../../src/http/route.ts';
import { type Services, tag } from '../services.ts';

export const startOperationRoute = (services: Services): Route =>
  route({
    method: 'post',
    path: '/api/operations',
    tag,
    summary: 'Change many jobs',
    access: 'operator',
    scope: 'jobs:operate',
    body: operationBody,
    answer: { status: 202, description: 'The operation, or with `dryRun` what it would do' },
    async handle({ body: { dryRun, ...request }, actor }) {
      if (dryRun) return { status: 200, body: await services.massOperations.preview(request) };
      return { body: await startOperation(services, request, actor.name) };
    },
  });
