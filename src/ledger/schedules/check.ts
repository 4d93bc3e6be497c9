/** Whether a schedule can work: its times, its time zone, its job type and payload. What is wrong is said field by field. */
import {
  type Catalog,
  type FieldProblem,
  fieldProblems,
  InvalidPayloadError,
  InvalidScheduleError,
  type ScheduleDefinition,
  UnknownJobTypeError,
} from '../../contract/index.ts';
import { readCron } from './slots.ts';

const cronHint =
  'give five fields, minute hour day month weekday, such as "30 2 * * 1-5" (six begin with seconds), or @hourly, @daily, @weekly, @monthly, @yearly';

/** @throws UnknownJobTypeError, InvalidPayloadError, InvalidScheduleError */
export function checkSchedule(catalog: Catalog, definition: ScheduleDefinition, now: Date): void {
  const job = Object.hasOwn(catalog, definition.type) ? catalog[definition.type] : undefined;
  if (!job) throw new UnknownJobTypeError(definition.type);
  if (job.secrets) {
    const detail = 'has secret fields, which a schedule would keep readable: schedule a job that enqueues it';
    throw new InvalidScheduleError([{ pointer: '/type', detail }]);
  }
  const problems = timingProblems(definition, now);
  if (problems.length > 0) throw new InvalidScheduleError(problems);
  const parsed = job.payload.safeParse(definition.payload);
  if (!parsed.success) throw new InvalidPayloadError(job.type, fieldProblems(parsed.error));
}

function timingProblems({ cron, timeZone, everyMs }: ScheduleDefinition, now: Date): FieldProblem[] {
  if ((cron === null) === (everyMs === null)) {
    const detail = cron === null ? 'give either cron or everyMs' : 'give cron or everyMs, not both';
    return [{ pointer: cron === null ? '/cron' : '/everyMs', detail }];
  }
  const problems: FieldProblem[] = [];
  if (!isTimeZone(timeZone)) problems.push({ pointer: '/timeZone', detail: zoneDetail(timeZone) });
  const detail = cron === null ? undefined : cronDetail(cron, now);
  if (detail !== undefined) problems.push({ pointer: '/cron', detail });
  return problems;
}

function cronDetail(cron: string, now: Date): string | undefined {
  // croner takes a single point of time, too, which is no schedule.
  if (/^\d{4}-/.test(cron.trim())) return `"${cron}" is one point of time, not a cron expression; ${cronHint}`;
  try {
    if (readCron(cron, 'UTC').nextRun(now) !== null) return undefined;
    return `"${cron}" never comes`;
  } catch (error) {
    const why = (error as Error).message.replace(/^CronPattern: /, '');
    return `"${cron}" is not a cron expression (${why}); ${cronHint}`;
  }
}

function isTimeZone(name: string): boolean {
  try {
    // Newer engines take offsets such as +02:00 as well, but those do not know when the clocks change.
    return /^[A-Za-z]/.test(name) && new Intl.DateTimeFormat('en', { timeZone: name }) !== undefined;
  } catch {
    return false;
  }
}

/** Names what was probably meant, where a zone contains the word. */
function zoneDetail(name: string): string {
  const place = name.split('/').at(-1)?.trim().replaceAll(' ', '_').toLowerCase() ?? '';
  const meant = Intl.supportedValuesOf('timeZone').filter((zone) => place && zone.toLowerCase().includes(place));
  const hint = meant.length > 0 ? `did you mean ${meant.slice(0, 3).join(' or ')}?` : 'such as Europe/Berlin or UTC';
  return `"${name}" is not an IANA time zone; ${hint}`;
}
