/** Runs a schedule now, pauses it, or lets it go on. The audit is written with the change. */
import { z } from 'zod';
import { scheduleNameSchema } from '../../src/contract/schedule.ts';
import { type Route, route } from '../../src/http/route.ts';
import { type Services, tag } from '../services.ts';

export const steerSchedule = ({ schedules }: Services): Route =>
  route({
    method: 'post',
    path: '/api/schedules/:name/:action',
    tag,
    summary: 'Run, pause or resume a schedule',
    access: 'operator',
    scope: 'schedules:write',
    params: z.object({ name: scheduleNameSchema, action: z.enum(['run', 'pause', 'resume']) }),
    answer: { status: 202, description: 'The schedule, or the job that runs' },
    handle: async ({ params: { name, action }, actor }) => ({
      body: await schedules[action](name, { actor: actor.name }),
    }),
  });
