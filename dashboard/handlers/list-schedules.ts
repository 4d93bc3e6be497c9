/** Every schedule with its next five runs and its last one. */
import { z } from 'zod';
import { pageQuery } from '../../src/http/page.ts';
import { type Route, route } from '../../src/http/route.ts';
import { type Services, tag } from '../services.ts';

export const listSchedules = ({ schedules }: Services): Route =>
  route({
    method: 'get',
    path: '/api/schedules',
    tag,
    summary: 'Schedules by name',
    access: 'operator',
    scope: 'schedules:read',
    query: z.object(pageQuery),
    answer: { status: 200, description: 'A page of schedules' },
    handle: async ({ query }) => ({ body: await schedules.list(query) }),
  });
