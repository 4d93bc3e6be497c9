/** Gives a schedule other times; all else about it stays. */
import { z } from 'zod';
import { scheduleFields, scheduleNameSchema } from '../../src/contract/schedule.ts';
import { notFound } from '../../src/http/problem.ts';
import { type Route, route } from '../../src/http/route.ts';
import { type Services, tag } from '../services.ts';

const { cron, timeZone, everyMs, ...others } = scheduleFields;
/** What is not about times, cut out of a schedule as operators see it. */
const rest = z.object(others);

export const timeSchedule = ({ schedules }: Services): Route =>
  route({
    method: 'post',
    path: '/api/schedules/:name/times',
    tag,
    summary: 'Change the times of a schedule',
    access: 'operator',
    scope: 'schedules:write',
    params: z.object({ name: scheduleNameSchema }),
    body: z.strictObject({ cron, timeZone, everyMs }),
    answer: { status: 200, description: 'The schedule' },
    async handle({ params: { name }, body, actor }) {
      const present = await schedules.get(name);
      if (!present) throw notFound('schedule');
      const { schedule } = await schedules.put(name, { ...rest.parse(present), ...body }, { actor: actor.name });
      return { body: schedule };
    },
  });
