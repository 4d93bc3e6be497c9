/** What a schedule is: a job type, a payload, and the slots (points of time) at which the ledger enqueues it. */
import { z } from 'zod';
import type { EnqueuedJob } from './enqueue.ts';
import { TwolaneError } from './errors.ts';
import type { JobDefinition, PayloadInput } from './job.ts';
import type { Page, PageRequest } from './page.ts';
import type { JobState } from './state.ts';
import { type LaneName, priorities } from './words.ts';

/** What becomes of slots that nobody could serve in time: none runs, the newest runs, or all do. */
export const missedPolicies = ['skip', 'run-once', 'run-all'] as const;
/** What becomes of a slot while a job of the schedule is still under way: it runs beside it, or not at all. */
export const overlapPolicies = ['allow', 'skip'] as const;

const text = (max: number) => z.string().min(1).max(max);

export const scheduleNameSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._:-]{0,63}$/, 'takes a-z, 0-9 and . _ : - after a first letter or digit, up to 64');

/** The fields of a schedule with their defaults. Of `cron` and `everyMs` exactly one is given. */
export const scheduleFields = {
  type: text(64).describe('The job type to enqueue.'),
  payload: z.json().describe('Checked by the job type.'),
  cron: text(200).nullable().default(null).describe('`30 2 * * 1-5`; six fields begin with seconds.'),
  timeZone: text(64).default('UTC').describe('The IANA time zone that `cron` is read in.'),
  everyMs: z.int().min(1_000).nullable().default(null).describe('At whole multiples of this since 1970, UTC.'),
  missed: z.enum(missedPolicies).default('run-once').describe('Slots that nobody could serve in time.'),
  missedMost: z.int().min(1).max(1_000).default(100).describe('With `run-all`: the newest so many.'),
  overlap: z.enum(overlapPolicies).default('allow').describe('A slot while a job of the schedule is under way.'),
  jitterMs: z.int().min(0).max(3_600_000).default(0).describe('Each job begins up to this much after its slot.'),
  description: z.string().max(500).default(''),
  options: z
    .strictObject({
      priority: z.enum(priorities),
      key: text(200),
      tenant: text(64),
      maxAttempts: z.int().min(1).max(100),
      timeoutMs: z.int().min(1),
    })
    .partial()
    .default({})
    .describe('As at an enqueue.'),
};
const definitionSchema = z.strictObject(scheduleFields);
export type ScheduleDefinition = z.output<typeof definitionSchema>;

/** A schedule that code brings along. */
export interface ScheduleDeclaration {
  readonly name: string;
  /** Whether it begins enabled; an operator decides afterwards. */
  readonly enabled: boolean;
  readonly definition: ScheduleDefinition;
}

type Settings = Omit<z.input<typeof definitionSchema>, 'type' | 'payload' | 'cron' | 'everyMs' | 'timeZone'>;
type Timing =
  | { cron: string; timeZone?: string; everyMs?: never }
  | { everyMs: number; cron?: never; timeZone?: never };

/** The fields of `defineSchedule`: `name`, `job`, `payload`, either `cron` or `everyMs`, and what differs from the defaults. */
export type ScheduleOptions<D extends JobDefinition> = Settings &
  Timing & { name: string; job: D; payload: PayloadInput<D>; enabled?: boolean };

/**
 * Declares a schedule in code; the compiler checks the payload.
 * @throws TwolaneError `invalid_definition` when a field is out of range.
 */
export function defineSchedule<D extends JobDefinition>(options: ScheduleOptions<D>): ScheduleDeclaration {
  const { name, job, enabled = true, ...rest } = options;
  const parsed = z
    .object({ name: scheduleNameSchema, definition: definitionSchema })
    .safeParse({ name, definition: { ...rest, type: job.type } });
  if (parsed.success) return Object.freeze({ ...parsed.data, enabled });
  throw new TwolaneError('invalid_definition', `Schedule "${name}": ${z.prettifyError(parsed.error)}`);
}

/** A run that a schedule began: at a slot, or by hand where `slot` is null. */
export interface ScheduleRun {
  jobId: string;
  slot: string | null;
  at: string;
  /** Null when the job is past its retention. */
  state: JobState | null;
}

/** Slots that did not run, from `slot` through `through`. */
export interface SkippedSlots {
  reason: 'missed' | 'overlap';
  slot: string;
  through: string;
  at: string;
}

/** A schedule as operators see it. Times are ISO 8601 UTC. */
export interface Schedule extends ScheduleDefinition {
  name: string;
  /** Null when this process knows no such job type. */
  lane: LaneName | null;
  /** `ended` has no slot left, `undeclared` came from code that no scheduler runs any more. */
  state: 'active' | 'paused' | 'ended' | 'undeclared';
  enabled: boolean;
  /** When it runs, in plain English; null where that can't be said. */
  words: string | null;
  /** The next five slots; empty unless it is active. */
  nextRuns: string[];
  lastRun: ScheduleRun | null;
  lastSkipped: SkippedSlots | null;
  /** Why the slot that is due could not be enqueued; tried again every 10 s. */
  problem: string | null;
  /** What the code says, where it declares this schedule. */
  declared: ScheduleDefinition | null;
  /** An operator wrote it last, so that the code's word no longer counts. */
  edited: boolean;
  createdAt: string;
  updatedAt: string;
  updatedBy: string;
}

/** Who changes a schedule, for the audit. */
export interface ScheduleChange {
  actor: string;
}

/** What operators and the API do with schedules. Unknown names throw TwolaneError `not_found`. */
export interface Schedules {
  /** By name; with a tenant those whose jobs are its. */
  list(page: PageRequest & { tenant?: string }): Promise<Page<Schedule>>;
  get(name: string): Promise<Schedule | undefined>;
  /**
   * Makes or replaces a schedule. `enabled` stays as it is where it is not given. Slots that are due already run as edited.
   * With a `tenant` only a schedule of its own is replaced. Throws InvalidScheduleError, InvalidPayloadError,
   * UnknownJobTypeError, ConflictError `name_taken`.
   */
  put(
    name: string,
    definition: ScheduleDefinition,
    change: ScheduleChange & { enabled?: boolean; tenant?: string },
  ): Promise<{ schedule: Schedule; created: boolean }>;
  /** Throws ConflictError `declared_in_code` while a running scheduler declares it. */
  remove(name: string, change: ScheduleChange): Promise<void>;
  /** Enqueues its job now. Throws ConflictError `still_running` where `overlap` is `skip` and a job of it is under way. */
  run(name: string, change: ScheduleChange): Promise<EnqueuedJob>;
  pause(name: string, change: ScheduleChange): Promise<Schedule>;
  /** Goes on with the next slot; those that passed meanwhile are not missed. */
  resume(name: string, change: ScheduleChange): Promise<Schedule>;
}
