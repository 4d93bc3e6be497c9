/** From rows to schedules as operators see them: one list of columns, one mapping. */
import type { Catalog, JobState, Schedule, ScheduleDefinition } from '../../contract/index.ts';
import type { Cursor } from './plan.ts';
import { slotAfter } from './slots.ts';
import { inWords } from './words.ts';

/** Slots shown in advance. */
const runsAhead = 5;

export interface ScheduleRow {
  name: string;
  definition: ScheduleDefinition;
  enabled: boolean;
  next_at: Date | null;
  last_slot: Date | null;
  declared: ScheduleDefinition | null;
  edited: boolean;
  problem: string | null;
  created_at: Date;
  updated_at: Date;
  updated_by: string;
  /** A scheduler that declares it is alive, or nobody ever declared it. */
  kept: boolean;
  /** The database's clock; a process's own is never asked. */
  now: Date;
}

/** Without a word from its code for so long, a schedule of code no longer runs. */
export const declaredForS = 60;

export const keptCondition = `(s.declared_at is null or s.declared_at > now() - interval '${declaredForS} seconds')`;
export const scheduleColumns = `
  s.name, s.definition, s.enabled, s.next_at, s.last_slot, s.declared, s.edited, s.problem, s.created_at, s.updated_at,
  s.updated_by, ${keptCondition} as kept, date_trunc('milliseconds', clock_timestamp()) as now`;

/** A row with what its last slots came to. */
export interface ShownRow extends ScheduleRow {
  last_job: string | null;
  last_slot_run: Date | null;
  last_run_at: Date | null;
  last_state: JobState | null;
  skipped: 'missed' | 'overlap' | null;
  skipped_slot: Date | null;
  skipped_through: Date | null;
  skipped_at: Date | null;
}

export const shownTables = `
  twolane.schedules s
  left join lateral (
    select r.job_id, r.slot, r.at from twolane.schedule_runs r
    where r.schedule = s.name and r.outcome = 'run' order by r.id desc limit 1) r on true
  left join twolane.live l on l.id = r.job_id
  left join twolane.done d on d.id = r.job_id
  left join twolane.dead x on x.id = r.job_id
  left join lateral (
    select k.outcome, k.slot, k.through, k.at from twolane.schedule_runs k
    where k.schedule = s.name and k.outcome <> 'run' order by k.id desc limit 1) k on true`;
export const shownColumns = `${scheduleColumns}, r.job_id as last_job, r.slot as last_slot_run, r.at as last_run_at,
  coalesce(l.state, d.state, case when x.id is not null then 'dead' end) as last_state,
  k.outcome as skipped, k.slot as skipped_slot, k.through as skipped_through, k.at as skipped_at`;

export function cursorOf(row: Pick<ScheduleRow, 'next_at' | 'last_slot'>): Cursor {
  return { nextAt: row.next_at, lastSlot: row.last_slot };
}

export function toSchedule(row: ShownRow, catalog: Catalog): Schedule {
  const state = stateOf(row);
  return {
    name: row.name,
    ...row.definition,
    lane: catalog[row.definition.type]?.lane ?? null,
    state,
    enabled: row.enabled,
    words: inWords(row.definition),
    nextRuns: state === 'active' ? nextRuns(row) : [],
    lastRun: lastRunOf(row),
    lastSkipped: lastSkippedOf(row),
    problem: row.problem,
    declared: row.declared,
    edited: row.edited,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
    updatedBy: row.updated_by,
  };
}

function stateOf(row: ScheduleRow): Schedule['state'] {
  if (!row.enabled) return 'paused';
  if (!row.kept) return 'undeclared';
  return row.next_at === null ? 'ended' : 'active';
}

function nextRuns(row: ScheduleRow): string[] {
  const slots: string[] = [];
  for (let slot = row.next_at; slot !== null && slots.length < runsAhead; slot = slotAfter(row.definition, slot))
    slots.push(slot.toISOString());
  return slots;
}

function lastRunOf(row: ShownRow): Schedule['lastRun'] {
  if (row.last_job === null || row.last_run_at === null) return null;
  return {
    jobId: row.last_job,
    slot: row.last_slot_run?.toISOString() ?? null,
    at: row.last_run_at.toISOString(),
    state: row.last_state,
  };
}

function lastSkippedOf(row: ShownRow): Schedule['lastSkipped'] {
  if (row.skipped === null || row.skipped_slot === null || row.skipped_at === null) return null;
  return {
    reason: row.skipped,
    slot: row.skipped_slot.toISOString(),
    through: (row.skipped_through ?? row.skipped_slot).toISOString(),
    at: row.skipped_at.toISOString(),
  };
}
