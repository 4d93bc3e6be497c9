/** Who is logged in, the token for changing requests, and what the pages offer in their select boxes. */
import { type Route, route } from '../../src/http/route.ts';
import { operatorOf } from '../access.ts';
import { type Services, tag } from '../services.ts';

export const showSession = ({ catalog, environment, traceUrl, login }: Services): Route =>
  route({
    method: 'get',
    path: '/api/session',
    tag,
    summary: 'The operator and the catalog',
    access: 'operator',
    answer: { status: 200, description: 'The session' },
    async handle({ res }) {
      const { name, csrf, readOnly = false } = operatorOf(res);
      const types = Object.values(catalog).map(({ type, lane, queue, description }) => ({
        type,
        lane,
        queue,
        description,
      }));
      return {
        body: { name, csrf, readOnly, environment, traceUrl: traceUrl ?? null, canLogOut: login !== undefined, types },
      };
    },
  });
