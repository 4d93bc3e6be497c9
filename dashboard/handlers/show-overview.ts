/** One look at both lanes. */
import { type Route, route } from '../../src/http/route.ts';
import { type Services, tag } from '../services.ts';

export const showOverview = ({ feed }: Services): Route =>
  route({
    method: 'get',
    path: '/api/overview',
    tag,
    summary: 'Both lanes at this moment',
    access: 'operator',
    scope: 'queues:read',
    answer: { status: 200, description: 'The overview' },
    handle: async () => ({ body: await feed.current() }),
  });
