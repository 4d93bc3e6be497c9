/** Every schedule that this installation brings along, where its product has the job type. An entry is `defineSchedule({ name, cron, timeZone, job, payload })`. */
import { defineSchedule, type ScheduleDeclaration } from '../src/contract/schedule.ts';
import { collectUploadsJob } from './bulk/collect-uploads.job.ts';
import { forgetAbuseDecisions } from './bulk/forget-abuse-decisions.job.ts';
import { rankHashtags } from './bulk/rank-hashtags.job.ts';
import { tidyNotifications } from './bulk/tidy-notifications.job.ts';

/** Those of the platform, for an app of one's own that takes uploads. */
export const platformSchedules: readonly ScheduleDeclaration[] = [
  defineSchedule({
    name: 'collect-uploads',
    cron: '7 * * * *',
    job: collectUploadsJob,
    payload: {},
    overlap: 'skip',
    description: 'Removes uploads that nobody finished and what crashes left behind.',
  }),
];

export const schedules: readonly ScheduleDeclaration[] = [
  ...platformSchedules,
  defineSchedule({ name: 'rank-hashtags', job: rankHashtags, payload: {}, everyMs: 60_000, overlap: 'skip' }),
  defineSchedule({
    name: 'forget-abuse-decisions',
    cron: '23 3 * * *',
    job: forgetAbuseDecisions,
    payload: {},
    overlap: 'skip',
    description: 'Forgets what the velocity rules have decided more than 90 days ago.',
  }),
  defineSchedule({
    name: 'tidy-notifications',
    cron: '43 * * * *',
    job: tidyNotifications,
    payload: {},
    overlap: 'skip',
    description: 'Forgets what was decided and sent of notifications more than 30 days ago.',
  }),
];
