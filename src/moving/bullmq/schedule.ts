/** Job schedulers of BullMQ as schedules. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import {
  type EnqueueOptions,
  type JobDefinition,
  type ScheduleDefinition,
  scheduleFields,
  scheduleNameSchema,
} from '../../contract/index.ts';
import { notMapped } from './options.ts';
import type { RepeatOptions } from './types.ts';

const definition = z.strictObject(scheduleFields);
const instead: Readonly<Record<string, string>> = {
  limit: 'Delete the schedule when it is over',
  endDate: 'Delete the schedule when it is over',
  startDate: 'Make the schedule when it begins',
  immediately: 'Call run() of the schedule, or add a job beside it',
  offset: 'Use a cron pattern',
};
const ours = new Set(['pattern', 'every', 'tz', 'key', 'jobId']);

/** @throws TwolaneError `not_mapped` */
export function toSchedule(
  job: JobDefinition,
  payload: unknown,
  repeat: RepeatOptions,
  { priority, maxAttempts }: EnqueueOptions,
): ScheduleDefinition {
  for (const [name, value] of Object.entries(repeat))
    if (value !== undefined && !ours.has(name))
      throw notMapped(`${name} of a scheduler`, instead[name] ?? 'Leave it out');
  const { pattern, every, tz } = repeat;
  const common = { type: job.type, payload, options: { priority, maxAttempts } };
  if (pattern === undefined) return definition.parse({ ...common, everyMs: every });
  // BullMQ reads patterns in the time zone of the process.
  const timeZone = tz ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  return definition.parse({ ...common, cron: pattern, timeZone });
}

/** Names of schedules take fewer characters than ids of BullMQ; what was changed is told apart by a digest. */
export function scheduleNameOf(queue: string, id: string): string {
  const wanted = `${queue}:${id}`;
  if (scheduleNameSchema.safeParse(wanted).success) return wanted;
  const digest = createHash('sha256').update(wanted).digest('hex').slice(0, 8);
  const plain = wanted.toLowerCase().replaceAll(/[^a-z0-9._:-]+/g, '-');
  return `b${plain.slice(0, 54)}-${digest}`;
}
