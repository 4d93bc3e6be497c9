-- Operations: one change to many jobs, made page by page by a job. Each step locks the row, so any number of processes may
-- take steps of one operation and none is taken twice; the cursor moves in the transaction that moves the jobs.
create table twolane.operations (
  id bigint primary key,
  action text not null,
  -- Of a discard: it can't be undone, and those that wait for its jobs are told at once.
  for_good boolean not null default false,
  filter jsonb not null,
  actor text not null,
  status text not null default 'running',
  reason text,
  stop_above real not null,
  -- Null until they were counted.
  matched int,
  capped boolean not null default false,
  moved bigint not null default 0,
  undone bigint not null default 0,
  -- OperationStage of each, and which is the present one.
  stages jsonb not null,
  stage int not null default 0,
  -- Jobs up to this id were looked at; true when there are no more.
  cursor bigint not null default 0,
  exhausted boolean not null default false,
  created_at timestamptz not null default now(),
  waiting_since timestamptz,
  looked_at timestamptz not null default now(),
  finished_at timestamptz
);

-- Redriven jobs that an operation watches, until it is over.
create table twolane.operation_jobs (
  operation_id bigint not null,
  stage int not null,
  id bigint not null,
  -- Of the error that it had before.
  fingerprint text not null,
  -- succeeded, cancelled, or dead again: same or other, by its error. Null while it is under way.
  outcome text,
  primary key (operation_id, stage, id)
);
create index on twolane.operation_jobs (operation_id, stage) where outcome is null;

-- Notes how watched jobs of a stage have ended.
create function twolane.look_at_redriven(operation bigint, of_stage int) returns void language sql
set jit = off set enable_seqscan = off set enable_mergejoin = off as $$
  update twolane.operation_jobs o set outcome = e.outcome
  from (
    select w.id, case when d.id is not null then d.state when x.fingerprint = w.fingerprint then 'same' else 'other' end as outcome
    from twolane.operation_jobs w
    left join twolane.live l on l.id = w.id
    left join twolane.done d on d.id = w.id
    left join twolane.dead x on x.id = w.id
    where w.operation_id = operation and w.stage = of_stage and w.outcome is null and l.id is null
      and (d.id is not null or x.id is not null)
  ) e
  where o.operation_id = operation and o.stage = of_stage and o.id = e.id
$$;
