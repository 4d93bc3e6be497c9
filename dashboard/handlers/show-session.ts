/** Who is logged in, the token for changing requests, and what the pages offer in their select boxes. */
import { type Route, route } from '../../src/http/route.ts';
import { operatorOf } from '../access.ts';
import { type Services, tag } from '../services.ts';

export const showSession = ({ catalog, environment, readOnly, traceUrl, login }: Services): Route =>
  route({
    method: 'get',
    path: '/api/session',
    tag,
    summary: 'The operator and the catalog',
    access: 'operator',
    scope: 'pages:open',
    answer: { status: 200, description: 'The session' },
    async handle({ res }) {
      const { name, csrf, role, permissions } = operatorOf(res);
      const types = Object.values(catalog).map(({ type, lane, queue, description }) => ({
        type,
        lane,
        queue,
        description,
      }));
      return {
        body: {
          ...{ name, csrf, role, permissions, environment, readOnly },
          ...{ traceUrl: traceUrl ?? null, canLogOut: login !== undefined, types },
        },
      };
    },
  });
