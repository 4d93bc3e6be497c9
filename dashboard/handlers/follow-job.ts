/** State and progress of one job while they change, as server-sent events named `job`. */
import { type Route, route } from '../../src/http/route.ts';
import { jobParams, type Services, tag } from '../services.ts';
import { operatorStream } from '../stream.ts';

export const followJob = (services: Services): Route =>
  route({
    method: 'get',
    path: '/api/jobs/:id/events',
    tag,
    summary: 'State and progress of one job',
    access: 'operator',
    scope: 'jobs:read',
    params: jobParams,
    answer: { status: 200, description: 'Events named `job`', contentType: 'text/event-stream' },
    handle: async (call) =>
      operatorStream(services, call, (stream) =>
        services.events.subscribe(call.params.id, (event) => stream.send({ event: 'job', data: event })),
      ),
  });
