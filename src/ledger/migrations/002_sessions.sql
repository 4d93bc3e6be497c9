-- The live processes of the fleet.
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
  draining boolean not null default false,
  -- When an operator asked it to drain and end; it obeys with its next heartbeat.
  drain_at timestamptz
);
