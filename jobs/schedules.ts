/** Every schedule that this installation brings along, where its product has the job type. An entry is `defineSchedule({ name, cron, timeZone, job, payload })`. */
import { defineSchedule, type ScheduleDeclaration } from '../src/contract/schedule.ts';
import { rankHashtags } from './bulk/rank-hashtags.job.ts';

export const schedules: readonly ScheduleDeclaration[] = [
  defineSchedule({ name: 'rank-hashtags', job: rankHashtags, payload: {}, everyMs: 60_000, overlap: 'skip' }),
];
