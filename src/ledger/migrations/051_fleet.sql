-- Pauses by type and key, and fleets in which not every worker knows every job: jobs that must not start now are parked in
-- lots, so that they stand in nobody's way and no pick sees them twice.

-- Parks what is stopped among the next jobs of a queue. Goes on in larger steps while it finds some, so that a long line of
-- stopped jobs does not hold back those behind it.
create function twolane.park(name text, next int) returns void language plpgsql
set jit = off set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_bitmapscan = off set enable_sort = off as $$
declare
  ahead bigint[];
  found_lots text[];
  look int := next;
begin
  for step in 1..5 loop
    ahead := array(select l.id from twolane.live l where l.queue = park.name and l.waiting
      order by l.prio, l.rank, l.id limit look);
    -- Held shared until the commit: nobody can open a lot and find it empty while jobs are being parked in it.
    found_lots := array(select s.lot from twolane.lots s where s.closed and s.lot in (
        select unnest(twolane.lots_of(l.queue, l.type, l.version, coalesce(l.key, l.limit_key)))
        from twolane.live l where l.id = any(ahead))
      order by s.lot for share);
    exit when cardinality(found_lots) = 0;
    ahead := array(select l.id from twolane.live l where l.id = any(ahead) and l.waiting
      and found_lots && twolane.lots_of(l.queue, l.type, l.version, coalesce(l.key, l.limit_key)) for update skip locked);
    update twolane.live l set waiting = false, lot = (
      select min(f) from unnest(found_lots) f
      where f = any(twolane.lots_of(l.queue, l.type, l.version, coalesce(l.key, l.limit_key))))
    where l.id = any(ahead);
    look := 1000;
  end loop;
end $$;

create function twolane.pause(of_kind text, of_name text) returns void language sql as $$
  insert into twolane.lots as s (lot, kind, name, closed) values (of_kind || ':' || of_name, of_kind, of_name, true)
  on conflict (lot) do update set closed = true, since = case when s.closed then s.since else now() end
$$;

create function twolane.resume(of_kind text, of_name text) returns void language sql as $$
  update twolane.lots set closed = false where lot = of_kind || ':' || of_name
$$;

create function twolane.somebody_knows(of_queue text, of_type text, of_version int) returns boolean language sql stable as $$
  select exists (select from twolane.sessions s where not s.draining and (s.knows ->> of_type)::int >= of_version
    and s.queues @> jsonb_build_array(jsonb_build_object('queue', of_queue)))
$$;

-- Jobs that came to a worker that does not know their type or version; no attempt is charged. Where a live worker of the
-- queue knows it, they are offered to it, up to a thousand; otherwise they are parked and so is what follows them.
-- Answers the lots that are new.
create function twolane.refuse(ids bigint[]) returns table (kind text, queue text, name text, version int) language plpgsql as $$
#variable_conflict use_column
declare
  places twolane.lots[];
begin
  perform from twolane.live l where l.id = any(ids) order by l.id for update;
  select array_agg(row(p.kind || ':' || p.queue || ':' || p.type || ':' || p.version, p.kind, p.type, p.queue, p.version,
      p.kind = 'version', now())::twolane.lots order by p.kind, p.queue, p.type, p.version)
    into places
  from (
    select l.queue, l.type, l.version, twolane.place_for(l.queue, l.type, l.version) as kind
    from twolane.live l where l.id = any(ids) and l.state = 'queued' group by 1, 2, 3
  ) p;
  return query
    insert into twolane.lots as s select p.* from unnest(places) p
    -- A lot that is there is locked in any case, so that it can't be removed before this commit.
    on conflict (lot) do update set closed = excluded.closed, since = now() where s.closed <> excluded.closed
    returning s.kind, s.queue, s.name, s.version;
  update twolane.live l set waiting = false, lot = p.lot, state = case when p.closed then 'waiting' else 'queued' end,
    dispatched_at = case when not p.closed then l.dispatched_at end
  from unnest(places) p
  where l.id = any(ids) and l.state = 'queued' and (l.queue, l.type, l.version) = (p.queue, p.name, p.version);
  perform pg_notify('twolane.offer', p.queue) from (select distinct queue from unnest(places) where not closed) p;
end $$;

-- `offer` while those who know it can be expected to take it soon.
create function twolane.place_for(queue text, type text, version int) returns text language sql stable as $$
  select case when twolane.somebody_knows(queue, type, version) and (
    select count(*) from (select from twolane.live l where l.lot = 'offer:' || queue || ':' || type || ':' || version limit 1000) c
  ) < 1000 then 'offer' else 'version' end
$$;

-- What a worker may take of the offers in its queues, at most as many as it has slots free (`room`, by queue).
create function twolane.take_offers(session int, room jsonb) returns setof twolane.envelope language sql as $$
  with mine as (
    select o.lot, (room ->> o.queue)::int as most from twolane.sessions s
    join twolane.lots o on o.kind = 'offer' and (s.knows ->> o.name)::int >= o.version
    where s.id = session and (room ->> o.queue)::int > 0
  ), chosen as (
    select l.id from mine cross join lateral (
      select l.id from twolane.live l where l.lot = mine.lot order by l.prio, l.rank, l.id limit mine.most for update skip locked) l
  )
  update twolane.live l set lot = null from chosen where l.id = chosen.id and l.state = 'queued'
  returning l.id, l.queue, l.type, l.version, l.fence, l.crashes
$$;

-- Opens the lots of versions that somebody knows by now, withdraws offers that nobody can take any more, and empties open
-- lots, up to `most` jobs of each at a time. Answers the versions whose lots were opened.
create function twolane.tend_lots(most int) returns table (queue text, name text, version int) language plpgsql
set jit = off set enable_seqscan = off as $$
#variable_conflict use_column
declare
  s twolane.lots;
begin
  if not exists (select from twolane.lots) then return; end if;
  return query update twolane.lots s set closed = false
    where s.kind = 'version' and s.closed and twolane.place_for(s.queue, s.name, s.version) = 'offer'
    returning s.queue, s.name, s.version;
  insert into twolane.lots (lot, kind, name, queue, version, closed)
    select 'version:' || o.queue || ':' || o.name || ':' || o.version, 'version', o.name, o.queue, o.version, true
    from twolane.lots o where o.kind = 'offer' and not twolane.somebody_knows(o.queue, o.name, o.version)
    on conflict (lot) do update set closed = true;
  for s in select * from twolane.lots where not closed order by lot for update skip locked loop
    continue when s.kind = 'offer' and twolane.somebody_knows(s.queue, s.name, s.version)
      and exists (select from twolane.live l where l.lot = s.lot);
    perform twolane.leave_lot(array(
      select l.id from twolane.live l where l.lot = s.lot order by l.prio, l.rank, l.id limit most for update skip locked));
    delete from twolane.lots l where l.lot = s.lot and not exists (select from twolane.live j where j.lot = s.lot);
  end loop;
end $$;

-- Back to the outbox, in the place that they had; those that limits concern to the front of the line of their type.
create function twolane.leave_lot(ids bigint[]) returns void language sql as $$
  update twolane.live set lot = null, state = 'waiting', waiting = limit_key is null, dispatched_at = null, ready_at = now(),
    in_line = case when limit_key is not null then 1 end, rank = case when limit_key is null then rank else 0 end
  where id = any(ids) and state in ('waiting', 'queued')
$$;

-- Why a job that could run has not started; null when nothing holds it.
create function twolane.why_not(job twolane.live) returns text language sql stable as $$
  select case when job.state in ('waiting', 'queued') then coalesce(
    (select 'queue ' || q.queue || ' is paused' from twolane.queues q where q.queue = job.queue and q.paused),
    (select case s.kind
        when 'type' then 'job type ' || s.name || ' is paused'
        when 'key' then 'key ' || s.name || ' is paused'
        else 'waits for a worker that knows version ' || s.version || ' of ' || s.name end
      from twolane.lots s where s.lot = job.lot or s.closed and s.lot = any(
        twolane.lots_of(job.queue, job.type, job.version, coalesce(job.key, job.limit_key)))
      order by s.kind limit 1),
    case job.in_line when 1 then 'waits for the limit of its type' when 2 then 'waits for the limit of its key' end) end
$$;

-- When a scheduler last did its work, which each says every ten seconds; null before the first.
create table twolane.scheduler_pulse (
  only_row boolean primary key default true check (only_row),
  at timestamptz
);
insert into twolane.scheduler_pulse default values;

-- What a person should look at: work that nobody can do, queues that take no more.
create function twolane.alarms(cap int) returns table (code text, target text, message text, since timestamptz, jobs int)
language sql stable as $$
  select 'no_scheduler', 'scheduler', 'No scheduler runs: schedules, delayed jobs, retries and alerts stand still. Start one.', p.at, null
  from (select coalesce(at, (select min(started_at) from twolane.sessions)) as at from twolane.scheduler_pulse) p
  where p.at < now() - interval '30 seconds'
  union all
  select 'unknown_version', s.queue || ' ' || s.name || ' version ' || s.version,
    'No live worker of ' || s.queue || ' knows version ' || s.version || ' of ' || s.name || '; its jobs wait. Start one that does.',
    s.since, (select count(*) from (select from twolane.live l where l.lot = s.lot limit cap) c)::int
  from twolane.lots s
  where s.kind = 'version' and s.closed and not twolane.somebody_knows(s.queue, s.name, s.version)
  union all
  select 'no_worker', q.queue, 'No live worker consumes ' || q.queue || '; its jobs wait. Start one.', w.since, null
  from twolane.queues q
  cross join lateral (
    select twolane.time_of(min(id)) as since from (
      (select l.id from twolane.live l where l.queue = q.queue and l.waiting order by l.prio, l.rank, l.id limit 1)
      union all
      (select l.id from twolane.live l where l.queue = q.queue and l.dispatched_at is not null and l.state = 'queued'
        order by l.dispatched_at limit 1)) head
  ) w
  where w.since < now() - interval '10 seconds' and not q.paused and not exists (
    select from twolane.sessions s where not s.draining and s.queues @> jsonb_build_array(jsonb_build_object('queue', q.queue)))
  union all
  select q.refuses, q.queue, 'New jobs of ' || q.queue || ' are refused: ' || case q.refuses
      when 'ledger_full' then 'the ledger has nearly as many bytes as it may. Make room, or raise the limit.'
      else 'its oldest job waits too long. Start more workers, or raise the limit.' end,
    q.refuses_since, null
  from twolane.queues q where q.refuses is not null
$$;
