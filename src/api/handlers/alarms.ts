/** GET /v1/alarms: what will not mend itself. */
import { z } from 'zod';
import { alarmCodes } from '../../contract/fleet.ts';
import { route } from '../../http/route.ts';
import type { ApiDeps } from '../deps.ts';

const alarmSchema = z
  .object({
    code: z.enum(alarmCodes),
    target: z.string().describe("What it is about, such as a queue's path."),
    message: z.string().describe('What is wrong and what to do.'),
    since: z.iso.datetime(),
    jobs: z.int().nullable().describe('Jobs concerned, up to 10,000; null where they are not counted.'),
  })
  .meta({ id: 'Alarm' });

export function listAlarms({ operations }: ApiDeps) {
  return route({
    method: 'get',
    path: '/v1/alarms',
    tag: 'queues',
    summary: 'Jobs that no live worker can run, and queues that take no more jobs',
    access: 'key',
    scope: 'queues:read',
    answer: { status: 200, description: 'Empty when all is well.', schema: z.object({ items: z.array(alarmSchema) }) },
    handle: async () => ({ body: { items: await operations.alarms() } }),
  });
}
