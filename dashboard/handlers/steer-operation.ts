/** Aborts an operation, or brings back what it discarded. */
import { z } from 'zod';
import { steerOperation } from '../../src/http/operation-calls.ts';
import { type Route, route } from '../../src/http/route.ts';
import { idParams, type Services, tag } from '../services.ts';

export const steerOperationRoute = (services: Services): Route =>
  route({
    method: 'post',
    path: '/api/operations/:id/:action',
    tag,
    summary: 'Abort or undo an operation',
    access: 'operator',
    scope: 'jobs:operate',
    params: idParams.extend({ action: z.enum(['abort', 'undo']) }),
    answer: { status: 202, description: 'The operation' },
    handle: async ({ params: { id, action }, actor }) => ({
      body: await steerOperation(services, action, id, actor.name),
    }),
  });
