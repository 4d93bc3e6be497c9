-- Schedules, and what became of their slots. A slot is settled in the transaction that enqueues its job and moves `next_at`.
create table twolane.schedules (
  name text primary key check (length(name) between 1 and 64),
  type text not null,
  -- ScheduleDefinition: type, payload, cron or everyMs, time zone, policies.
  definition jsonb not null,
  enabled boolean not null,
  -- The next slot; null when there is none left.
  next_at timestamptz,
  -- The newest slot that was settled, run or not. No slot up to it is looked at again.
  last_slot timestamptz,
  -- What the code said at its last start, and when a scheduler that runs this code was last seen; null without code.
  declared jsonb,
  declared_at timestamptz,
  -- An operator wrote the definition last.
  edited boolean not null,
  -- Why the due slot could not be enqueued, and when that is tried again.
  problem text,
  retry_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  updated_by text not null
);
create index schedules_due on twolane.schedules (next_at) where enabled;

create table twolane.schedule_runs (
  id bigint generated always as identity primary key,
  schedule text not null,
  -- Null for a run by hand. `through` is the last of several slots that were missed together.
  slot timestamptz,
  through timestamptz,
  outcome text not null check (outcome in ('run', 'missed', 'overlap')),
  job_id bigint,
  at timestamptz not null default now()
);
-- No slot is settled twice, whatever clocks and processes do.
create unique index schedule_runs_slot on twolane.schedule_runs (schedule, slot) where slot is not null;
create index schedule_runs_newest on twolane.schedule_runs (schedule, id desc) where outcome = 'run';
create index schedule_runs_skipped on twolane.schedule_runs (schedule, id desc) where outcome <> 'run';
create index schedule_runs_age on twolane.schedule_runs (at);

-- Those of the schedules that have a job under way, among their last twenty runs.
create function twolane.schedules_under_way(names text[]) returns setof text language sql stable as $$
  select name from unnest(names) name where exists (
    select from (
      select r.job_id from twolane.schedule_runs r where r.schedule = name and r.outcome = 'run' order by r.id desc limit 20
    ) last join twolane.live l on l.id = last.job_id)
$$;
