/** GET, PUT and DELETE of schedules, and the three things an operator does with one: run, pause, resume. */
import { z } from 'zod';
import { scheduleFields, scheduleNameSchema } from '../../contract/schedule.ts';
import { jobStates } from '../../contract/state.ts';
import { laneNames } from '../../contract/words.ts';
import { withinTenant } from '../../http/auth/tenant.ts';
import { idSchema, pageOf, pageQuery } from '../../http/page.ts';
import { notFound } from '../../http/problem.ts';
import { type Route, route } from '../../http/route.ts';
import type { ApiDeps } from '../deps.ts';
import { heldSchedule } from '../held.ts';
import { pointingUnder, publicJob } from '../new-job.ts';
import { enqueuedSchema } from '../schemas.ts';

const time = z.iso.datetime();
const definition = z.object(scheduleFields).meta({ id: 'ScheduleDefinition' });
const body = z
  .strictObject({
    ...scheduleFields,
    enabled: z.boolean().optional().describe('Default: as it is; true for a new one.'),
  })
  .meta({ id: 'NewSchedule' });

const scheduleSchema = z
  .object({
    name: z.string(),
    ...scheduleFields,
    lane: z.enum(laneNames).nullable(),
    state: z.enum(['active', 'paused', 'ended', 'undeclared']),
    enabled: z.boolean(),
    words: z.string().nullable().describe('When it runs, in plain English.'),
    nextRuns: z.array(time).describe('The next five slots; empty unless it is active.'),
    lastRun: z
      .object({ jobId: idSchema, slot: time.nullable(), at: time, state: z.enum(jobStates).nullable() })
      .nullable()
      .describe('`slot` is null for a run by hand.'),
    lastSkipped: z
      .object({ reason: z.enum(['missed', 'overlap']), slot: time, through: time, at: time })
      .nullable()
      .describe('Slots that did not run.'),
    problem: z.string().nullable().describe('Why the slot that is due could not be enqueued.'),
    declared: definition.nullable().describe('What the code says, where it declares this schedule.'),
    edited: z.boolean().describe('An operator wrote it last; the code no longer changes it.'),
    createdAt: time,
    updatedAt: time,
    updatedBy: z.string(),
  })
  .meta({ id: 'Schedule' });

const shared = { tag: 'schedules', access: 'key' } as const;
const params = z.object({ name: scheduleNameSchema });
const answer = { status: 200, description: 'The schedule.', schema: scheduleSchema };

export function scheduleRoutes(deps: ApiDeps): readonly Route[] {
  return [listSchedules(deps), getSchedule(deps), putSchedule(deps), removeSchedule(deps), ...steeringRoutes(deps)];
}

function listSchedules({ schedules }: ApiDeps) {
  return route({
    ...shared,
    method: 'get',
    scope: 'schedules:read',
    path: '/v1/schedules',
    tenant: 'own',
    summary: 'Every schedule, by name',
    query: z.strictObject(pageQuery),
    answer: { status: 200, description: 'A page of schedules.', schema: pageOf(scheduleSchema) },
    handle: async ({ query, actor }) => ({ body: await schedules.list({ ...query, tenant: actor.tenant }) }),
  });
}

function getSchedule({ schedules }: ApiDeps) {
  return route({
    ...shared,
    method: 'get',
    scope: 'schedules:read',
    path: '/v1/schedules/:name',
    tenant: heldSchedule(schedules),
    summary: 'One schedule with its next five runs and its last one',
    params,
    answer,
    async handle({ params: { name } }) {
      const schedule = await schedules.get(name);
      if (!schedule) throw notFound('schedule');
      return { body: schedule };
    },
  });
}

function putSchedule({ schedules, catalog, config }: ApiDeps) {
  return route({
    ...shared,
    method: 'put',
    scope: 'schedules:write',
    path: '/v1/schedules/:name',
    tenant: 'own',
    summary: 'Make or replace a schedule',
    params,
    body,
    bodyLimitBytes: config.TWOLANE_MAX_PAYLOAD_BYTES,
    answer,
    async handle({ params: { name }, body: { enabled, ...given }, actor }) {
      publicJob(catalog, given.type, '');
      const tenant = withinTenant(actor, given.options.tenant);
      const wanted = { ...given, options: { ...given.options, ...(tenant !== undefined && { tenant }) } };
      const change = { actor: actor.name, tenant: actor.tenant, ...(enabled !== undefined && { enabled }) };
      const put = schedules.put(name, wanted, change);
      const { schedule, created } = await put.catch(pointingUnder('/payload'));
      return { status: created ? 201 : 200, body: schedule };
    },
  });
}

function removeSchedule({ schedules }: ApiDeps) {
  return route({
    ...shared,
    method: 'delete',
    scope: 'schedules:write',
    path: '/v1/schedules/:name',
    tenant: heldSchedule(schedules),
    summary: 'Remove a schedule; its jobs stay',
    params,
    answer: { status: 204, description: 'It is gone.' },
    async handle({ params: { name }, actor }) {
      await schedules.remove(name, { actor: actor.name });
      return { status: 204 };
    },
  });
}

function steeringRoutes({ schedules }: ApiDeps): Route[] {
  const post = {
    ...shared,
    method: 'post',
    scope: 'schedules:write',
    tenant: heldSchedule(schedules),
    params,
  } as const;
  return [
    route({
      ...post,
      path: '/v1/schedules/:name/run',
      summary: 'Enqueue the job of a schedule now, also of a paused one',
      answer: { status: 202, description: 'The job.', schema: enqueuedSchema },
      handle: async ({ params: { name }, actor }) => {
        const job = await schedules.run(name, { actor: actor.name });
        return { body: job, headers: { location: `/v1/jobs/${job.id}` } };
      },
    }),
    ...(['pause', 'resume'] as const).map((action) =>
      route({
        ...post,
        path: `/v1/schedules/:name/${action}`,
        summary: action === 'pause' ? 'Let no further slot run' : 'Go on with the next slot',
        answer,
        handle: async ({ params: { name }, actor }) => ({ body: await schedules[action](name, { actor: actor.name }) }),
      }),
    ),
  ];
}
