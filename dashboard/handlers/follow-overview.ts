/** Both lanes once a second, as server-sent events named `overview`. */
import { type Route, route } from '../../src/http/route.ts';
import { type Services, tag } from '../services.ts';
import { operatorStream } from '../stream.ts';

export const followOverview = (services: Services): Route =>
  route({
    method: 'get',
    path: '/api/overview/events',
    tag,
    summary: 'Both lanes, once a second',
    access: 'operator',
    scope: 'queues:read',
    answer: { status: 200, description: 'Events named `overview`', contentType: 'text/event-stream' },
    handle: async (call) =>
      operatorStream(services, call, (stream) =>
        services.feed.follow((overview) => stream.send({ event: 'overview', data: overview })),
      ),
  });
