-- Webhooks: who wants to hear of what, the outbox of events, and what became of each delivery.
-- An event is written by the transaction that makes it true. A scheduler takes it from the outbox and makes a delivery, with a
-- job that sends it, for each webhook that listens.

create table twolane.webhooks (
  id bigint generated always as identity primary key,
  -- Only events of this tenant; null: of all.
  tenant text,
  url text not null,
  events text[] not null,
  -- Only jobs of these types; null: of all but those that are internal.
  job_types text[],
  -- Deliveries follow each other strictly.
  ordered boolean not null default false,
  enabled boolean not null default true,
  disabled_at timestamptz,
  -- `gone`, `failing`, or `requested`.
  disabled_reason text,
  -- Failed attempts since the last one that went well.
  failures int not null default 0,
  failing_since timestamptz,
  created_at timestamptz not null default now()
);

-- Kept as they are, since signing needs them. The newest has no end; one that was replaced signs along until its end.
create table twolane.webhook_secrets (
  id bigint generated always as identity primary key,
  webhook_id bigint not null references twolane.webhooks on delete cascade,
  secret text not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz
);
create index on twolane.webhook_secrets (webhook_id);

-- Job types that `internal` marks: nobody hears of them without naming them.
create table twolane.internal_types (type text primary key);

-- What the functions that end jobs ask: one row per event that anybody listens to, so that a job that nobody wants to hear of
-- costs no more than finding that out, once for a whole batch.
create table twolane.webhook_listening (
  event text primary key,
  -- Somebody listens to all types but these …
  every boolean not null,
  unless text[] not null,
  -- … or to these.
  job_types text[] not null
);

create table twolane.webhook_outbox (
  id bigint generated always as identity primary key,
  event_id uuid not null default gen_random_uuid(),
  event text not null,
  tenant text,
  job_type text,
  data json not null,
  at timestamptz not null default clock_timestamp()
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);

create table twolane.webhook_deliveries (
  id bigint generated always as identity primary key,
  webhook_id bigint not null references twolane.webhooks on delete cascade,
  -- Names the event in every delivery of it: the header webhook-id.
  event_id uuid not null,
  event text not null,
  -- What is sent, as it is sent; null for a notice, which is for the log only.
  body text,
  state text not null check (state in ('pending', 'delivered', 'failed', 'skipped', 'notice')),
  detail text,
  job_id bigint,
  created_at timestamptz not null default now()
);
create index on twolane.webhook_deliveries (webhook_id, id);
create index on twolane.webhook_deliveries (created_at);

create table twolane.webhook_attempts (
  delivery_id bigint not null references twolane.webhook_deliveries on delete cascade,
  id bigint generated always as identity,
  at timestamptz not null,
  duration_ms int not null,
  -- Of the answer; null when none came.
  status int,
  error text,
  primary key (delivery_id, id)
);

-- Says anew what is listened to, after webhooks or internal types changed. One at a time, so that the last one sees all.
create function twolane.note_listening() returns trigger language plpgsql as $$
declare
  internal text[];
begin
  perform pg_advisory_xact_lock('twolane.webhooks'::regclass::oid::int, 0);
  internal := array(select type from twolane.internal_types order by type);
  delete from twolane.webhook_listening;
  insert into twolane.webhook_listening (event, every, unless, job_types)
    select e.event, bool_or(w.job_types is null), internal, array(
        select distinct t from twolane.webhooks v, unnest(v.job_types) t where v.enabled and e.event = any(v.events) order by t)
    from twolane.webhooks w, unnest(w.events) e(event) where w.enabled group by e.event;
  return null;
end $$;
create trigger changed after insert or delete or update of events, job_types, enabled on twolane.webhooks
  for each statement execute function twolane.note_listening();
create trigger changed after insert or delete on twolane.internal_types
  for each statement execute function twolane.note_listening();

create function twolane.listens(w twolane.webhooks, event text, tenant text, job_type text) returns boolean language sql stable as $$
  select w.enabled and event = any(w.events) and (w.tenant is null or w.tenant = tenant)
    and (job_type is null or coalesce(job_type = any(w.job_types),
      not exists (select from twolane.internal_types i where i.type = job_type)))
$$;

-- Writes an event that is not about a job, if anybody listens.
create function twolane.tell(event text, of_tenant text, data json) returns void language sql as $$
  insert into twolane.webhook_outbox (event, tenant, data)
    select event, of_tenant, data
    where exists (select from twolane.webhook_listening l where l.event = tell.event)
      and exists (select from twolane.webhooks w where twolane.listens(w, tell.event, of_tenant, null))
$$;

-- Writes events of jobs that have ended: what they are and how they ended, nothing of what they held.
create function twolane.tell_jobs(event text, ids bigint[]) returns void language plpgsql
set jit = off set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_nestloop = off set enable_mergejoin = off as $$
#variable_conflict use_variable
declare
  least_id bigint := (select min(i) from unnest(ids) i);
  greatest_id bigint := (select max(i) from unnest(ids) i);
  internal text[] := array(select i.type from twolane.internal_types i);
begin
  insert into twolane.webhook_outbox (event, tenant, job_type, data)
    select event, j.tenant, j.type, json_build_object('id', j.id::text, 'type', j.type, 'state', split_part(event, '.', 2),
      'tenant', nullif(j.tenant, ''), 'attempt', coalesce(d.attempt, x.attempt), 'reason', coalesce(d.reason, x.reason),
      'error', case when x.id is not null then json_build_object('name', x.error ->> 'name', 'code', x.error ->> 'code') end,
      'metadata', j.metadata)
    from twolane.jobs j
    left join twolane.done d on d.id = j.id and d.id = any(ids) and d.id between least_id and greatest_id
    left join twolane.dead x on x.id = j.id and x.id = any(ids)
    where j.id = any(ids) and j.id between least_id and greatest_id
      -- As `listens` says it, which would be called for each of hundreds of jobs.
      and exists (select from twolane.webhooks w where w.enabled and event = any(w.events)
        and (w.tenant is null or w.tenant = j.tenant) and coalesce(j.type = any(w.job_types), j.type <> all(internal)))
    order by j.id;
end $$;

-- A body by Standard Webhooks.
create function twolane.event_body(event text, at timestamptz, data json) returns text language sql stable as $$
  select json_build_object('type', event,
    'timestamp', to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'data', data)::text
$$;

-- Takes events from the outbox and makes their deliveries, for the caller to enqueue the jobs that send them.
create function twolane.take_webhook_events(most int)
returns table (taken int, delivery_id bigint, webhook_id bigint, ordered boolean) language sql as $$
  with took as (
    delete from twolane.webhook_outbox where id in (
      select id from twolane.webhook_outbox order by id limit most for update skip locked) returning *
  ), wanted as (
    select t.id, t.event_id, t.event, t.at, t.data, w.id as webhook_id, w.ordered
    from took t join twolane.webhooks w on twolane.listens(w, t.event, t.tenant, t.job_type)
  ), made as (
    insert into twolane.webhook_deliveries (webhook_id, event_id, event, body, state)
      select w.webhook_id, w.event_id, w.event, twolane.event_body(w.event, w.at, w.data), 'pending'
      from wanted w order by w.id, w.webhook_id
      returning id, webhook_id
  )
  select (select count(*) from took)::int, m.id, m.webhook_id, w.ordered
  from (select 1) one left join (made m join twolane.webhooks w on w.id = m.webhook_id) on true order by m.id
$$;

-- Jobs have ended without success. A media that one of them was to make ready has failed with it.
create function twolane.note_ends(ids bigint[], how text) returns void language plpgsql as $$
begin
  if exists (select from twolane.media m where m.state = 'processing') then perform twolane.fail_media(ids, how); end if;
  if exists (select from twolane.webhook_listening l where l.event = 'job.' || how) then
    perform twolane.tell_jobs('job.' || how, ids);
  end if;
end $$;

-- Media that wait for these jobs have failed, with a code of the list and its sentence: the message of the error may name machines
-- and files, and stays with the operator.
create function twolane.fail_media(jobs bigint[], how text) returns void language plpgsql as $$
declare
  failed_ids bigint[];
begin
  -- Locked by a statement of its own, so that the next one sees those that joined them until then.
  perform from twolane.media m where m.job_id = any(jobs) and m.state = 'processing' order by m.id for update;
  with failed as (
    update twolane.media m set state = 'failed', settled_at = now(),
      error = twolane.media_error(case how when 'cancelled' then how else e.code end)
    from (select i.id, x.error ->> 'code' as code from unnest(jobs) i(id) left join twolane.dead x on x.id = i.id) e
    where m.job_id = e.id and m.state = 'processing' returning m.id
  )
  select array_agg(id) into failed_ids from failed;
  if failed_ids is null then return; end if;
  perform twolane.note_poison(failed_ids);
  perform twolane.drop_pieces(failed_ids);
  perform twolane.tell_media('media.failed', failed_ids);
end $$;

-- Writes events of media, if anybody listens.
create function twolane.tell_media(event text, ids bigint[]) returns void language sql as $$
  select twolane.tell(event, m.tenant, json_build_object('id', m.id::text, 'ownerId', m.owner_id, 'kind', m.kind,
    'state', m.state, 'jobId', m.job_id::text, 'error', m.error, 'metadata', m.metadata))
  from twolane.media m where m.id = any(ids) and m.removed_at is null order by m.id
$$;
