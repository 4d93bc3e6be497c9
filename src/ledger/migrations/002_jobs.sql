-- Jobs, kept until retention drops them: what was asked for, every attempt at it and how it ended.
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
create index on twolane.jobs (tenant, id) where tenant <> '';
create index on twolane.jobs (parent_id) where parent_id is not null;
create index on twolane.jobs (flow_id) where flow_id is not null;
create index on twolane.jobs using gin (payload jsonb_path_ops);
create index on twolane.jobs (id) where payload_file is not null;

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
-- For searches by how an error begins.
create index on twolane.dead (lower(left(error ->> 'message', 200)) text_pattern_ops);

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
