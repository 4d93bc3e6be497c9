-- The ledger's tables. `jobs` is what was asked for, `live` what is under way, `done` and `dead` how it ended.
-- No index on `live`, predicates included, may mention state, attempt, fence, worker or started_at: claims stay HOT.
create table twolane.jobs (
  id bigint primary key,
  type text not null,
  version int not null,
  queue text not null,
  prio smallint not null,
  key text,
  tenant text not null,
  owner text,
  payload jsonb,
  -- {key, bytes, sha256} of a payload that is too large for the row.
  payload_file jsonb,
  metadata jsonb,
  max_attempts int not null,
  timeout_ms int not null,
  run_at timestamptz,
  expires_at timestamptz,
  parent_id bigint,
  waits_for bigint[],
  flow_id bigint,
  traceparent text,
  check ((payload is null) <> (payload_file is null))
) partition by range (id);
create index on twolane.jobs (type, id);
create index on twolane.jobs (key, id) where key is not null;
create index on twolane.jobs (owner, id) where owner is not null;
create index on twolane.jobs (parent_id) where parent_id is not null;
create index on twolane.jobs (flow_id) where flow_id is not null;
create index on twolane.jobs using gin (payload jsonb_path_ops);
create index on twolane.jobs (id) where payload_file is not null;

create table twolane.live (
  id bigint primary key,
  queue text not null,
  prio smallint not null,
  rank bigint not null default 0,
  tenant text not null,
  type text not null,
  version int not null,
  key text,
  state text not null,
  -- May be released now. Rows with it are the outbox; there is no other.
  waiting boolean not null,
  -- The lot in which it is parked, see `lots`; null for nearly all.
  lot text,
  -- Null for a job that no limit concerns. Otherwise what limits per key count by, '' without one.
  limit_key text,
  -- 1: in the line of its type, to be let into the outbox. 2: stepped aside until its key has room.
  in_line smallint,
  due_at timestamptz,
  expires_at timestamptz,
  dispatched_at timestamptz,
  -- Since when nothing but its turn keeps it from starting; null: since it was enqueued.
  ready_at timestamptz,
  started_at timestamptz,
  attempt int not null default 0,
  max_attempts int not null,
  crashes smallint not null default 0,
  fence int not null default 0,
  worker int,
  timeout_ms int not null,
  -- How many jobs this one still waits for, and whether any waits for this one.
  blockers int not null default 0,
  awaited boolean not null default false,
  cancel text,
  cancel_at timestamptz,
  reason text
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 2000, autovacuum_vacuum_cost_delay = 0);
create index live_waiting on twolane.live (queue, prio, rank, id) where waiting;
create index live_tenants on twolane.live (queue, prio, tenant, rank) where waiting;
create index live_dispatched on twolane.live (queue, dispatched_at) where dispatched_at is not null;
create index live_keys on twolane.live (key, id) where key is not null;
-- The few of a key that are released, however many wait.
create index live_released_keys on twolane.live (key) where key is not null and dispatched_at is not null;
create index live_lots on twolane.live (lot, prio, rank, id) where lot is not null;
-- Jobs that limits concern, and only those: the lines in order, by tenant and by key; and the slots that are taken.
create index live_lines on twolane.live (queue, type, in_line, prio, rank, id) where in_line is not null;
create index live_line_tenants on twolane.live (type, prio, tenant, rank) where in_line is not null;
create index live_line_keys on twolane.live (type, limit_key, in_line, prio, rank, id) where in_line is not null;
create index live_slots on twolane.live (type, limit_key)
  where limit_key is not null and (waiting or dispatched_at is not null);
create index live_due on twolane.live (due_at) where due_at is not null;
create index live_expires on twolane.live (expires_at) where expires_at is not null;

-- A job (the child) that has not ended as wished, and one that waits for it (the parent).
create table twolane.waits (
  child_id bigint not null,
  parent_id bigint not null,
  -- What becomes of the parent when the child fails: block, cancel or continue.
  rule text not null,
  -- The child is cancelled with its parent.
  owned boolean not null,
  primary key (child_id, parent_id)
);
create index on twolane.waits (parent_id);

create table twolane.done (
  id bigint primary key,
  type text not null,
  queue text not null,
  state text not null,
  reason text,
  attempt int not null,
  worker text,
  started_at timestamptz,
  finished_at timestamptz not null,
  result jsonb
) partition by range (id);
create index on twolane.done (state, type, id);

create table twolane.dead (
  id bigint primary key,
  type text not null,
  queue text not null,
  attempt int not null,
  fence int not null,
  worker text,
  started_at timestamptz,
  died_at timestamptz not null default now(),
  reason text not null,
  fingerprint text not null,
  awaited boolean not null,
  error jsonb not null
);
create index on twolane.dead (fingerprint, id);
create index on twolane.dead (queue, id);
create index on twolane.dead (type, id);

create table twolane.attempts (
  job_id bigint not null,
  attempt int not null,
  fence int not null,
  worker text,
  started_at timestamptz not null,
  finished_at timestamptz not null default now(),
  cancel_requested_at timestamptz,
  -- When its work had really stopped. Null while it has not, and when nobody can know.
  stopped_at timestamptz default now(),
  outcome text not null,
  error jsonb
) partition by range (job_id);
create index on twolane.attempts (job_id, fence);

create table twolane.logs (
  job_id bigint not null,
  seq bigint generated always as identity,
  attempt int not null,
  at timestamptz not null,
  message text not null,
  fields jsonb
) partition by range (job_id);
create index on twolane.logs (job_id, seq);

create table twolane.progress (
  job_id bigint primary key,
  percent real not null,
  note text,
  at timestamptz not null default now()
) with (fillfactor = 50);

-- Which job a key leads to until it expires. One table of its own, since a unique index on a partitioned one must hold the
-- partition column.
create table twolane.job_keys (
  -- once: an idempotency key; throttle; debounce; flow: the idempotency key of a flow, without a type.
  kind text not null,
  type text not null,
  tenant text not null,
  key text not null,
  id bigint not null,
  expires_at timestamptz not null,
  -- Of the payload that an idempotency key came with.
  digest text,
  -- A debounced job starts no later than this, however many follow.
  latest_at timestamptz,
  primary key (key, type, tenant, kind)
);
create index on twolane.job_keys (expires_at);

create table twolane.queues (
  queue text primary key,
  paused boolean not null default false,
  paused_at timestamptz,
  -- Back-pressure: what an operator allows, and why and for how long new jobs are refused.
  max_age_ms bigint,
  refuses text,
  refuses_since timestamptz,
  retry_after_s int,
  -- The broker's window is full: new jobs go to `waiting` and the dispatcher releases them.
  held boolean not null default false,
  epoch bigint not null default 0,
  -- How many envelopes may travel in one message.
  pack smallint not null default 1,
  -- The newest release that a worker has claimed.
  claimed_through timestamptz
);

-- Where jobs are parked, out of everybody's way. Kinds: `type` and `key` are pauses; `version` stops what no live worker
-- knows; `offer` holds jobs in state queued that a worker did not know and others may take. A closed lot lets nothing
-- start; one that was opened is emptied in steps and then removed.
create table twolane.lots (
  lot text primary key,
  kind text not null check (kind in ('type', 'key', 'version', 'offer')),
  name text not null,
  queue text,
  version int,
  closed boolean not null,
  since timestamptz not null default now()
);

create function twolane.lots_of(queue text, type text, version int, key text) returns text[] language sql immutable as $$
  select array['type:' || type, 'key:' || key, 'version:' || queue || ':' || type || ':' || version]
$$;

-- Whether a job must not start now. Ask `exists (select from twolane.lots where closed)` first: nearly always nothing is.
create function twolane.is_stopped(queue text, type text, version int, key text) returns boolean language sql stable as $$
  select exists (select from twolane.lots s where s.closed and s.lot = any(twolane.lots_of(queue, type, version, key)))
$$;

create sequence twolane.session_ids as int cycle;
create table twolane.sessions (
  id int primary key default nextval('twolane.session_ids'),
  host text not null,
  pid int not null,
  role text not null,
  version text not null,
  started_at timestamptz not null default now(),
  heartbeat_at timestamptz not null default now(),
  queues jsonb not null,
  -- The job types that it can run, with the highest version of each.
  knows jsonb not null default '{}',
  buffered jsonb not null default '{}',
  -- Per queue: since when it was given nothing, what is wrong, how often it was made anew.
  consumers jsonb not null default '{}',
  running int not null default 0,
  memory_bytes bigint not null default 0,
  draining boolean not null default false
);

-- What each batch did, appended in the batch's own transaction and rolled up every second.
create table twolane.tallies (
  queue text not null,
  at timestamptz not null default now(),
  enqueued int not null default 0,
  claimed int not null default 0,
  claimed_through timestamptz,
  succeeded int not null default 0,
  failed int not null default 0,
  dead int not null default 0,
  cancelled int not null default 0,
  revived int not null default 0
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);

create table twolane.queue_stats (
  queue text not null,
  at timestamptz not null,
  enqueued bigint not null,
  claimed bigint not null,
  succeeded bigint not null,
  failed bigint not null,
  dead bigint not null,
  cancelled bigint not null,
  primary key (queue, at)
);
create index on twolane.queue_stats (at);
create table twolane.totals (
  only_row boolean primary key default true check (only_row),
  appended bigint not null default 0,
  settled bigint not null default 0
);
insert into twolane.totals default values;

-- Daily partitions (UTC), made ahead of time: a job goes into that of the day on which it was enqueued.
create function twolane.make_partitions(days_ahead int default 7) returns int language plpgsql as $$
declare
  parent text;
  day timestamptz;
  made int := 0;
  name text;
begin
  perform pg_advisory_xact_lock(1, 1);
  foreach parent in array array['jobs', 'done', 'attempts', 'logs'] loop
    for day in select generate_series(date_trunc('day', now(), 'UTC'), now() + days_ahead * interval '24 hours', '24 hours') loop
      name := parent || '_' || to_char(day at time zone 'UTC', 'YYYYMMDD');
      if to_regclass('twolane.' || name) is null then
        execute format('create table twolane.%I partition of twolane.%I for values from (%s) to (%s)',
          name, parent, twolane.id_at(day), twolane.id_at(day + interval '24 hours'));
        made := made + 1;
      end if;
    end loop;
  end loop;
  return made;
end $$;
select twolane.make_partitions();
