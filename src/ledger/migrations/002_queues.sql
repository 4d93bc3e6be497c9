-- Queues, and the lots in which jobs are parked.
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
