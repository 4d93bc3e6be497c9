/** Every schedule that this installation brings along. An entry is `defineSchedule({ name, cron, timeZone, job, payload })`. */
import type { ScheduleDeclaration } from '../src/contract/schedule.ts';

export const schedules: readonly ScheduleDeclaration[] = [];
