-- Dispatch: what the one dispatcher of a queue does, guarded by its epoch.

-- Takes a queue over: whoever had it before is no longer heard.
create function twolane.take_queue(name text) returns bigint language sql as $$
  insert into twolane.queues (queue, epoch) values (name, 1)
  on conflict (queue) do update set epoch = twolane.queues.epoch + 1 returning epoch
$$;

-- How many jobs of a queue are released and unclaimed, counted up to `cap`; how many of them are urgent or high, and
-- the last of their priorities.
create function twolane.in_flight(name text, cap int, out n int, out better int, out last smallint) language plpgsql
set jit = off set enable_seqscan = off as $$
begin
  select count(*), count(*) filter (where c.prio < 2), max(c.prio) into n, better, last from (
    select l.prio from twolane.live l where l.queue = name and l.dispatched_at is not null and l.state = 'queued'
      and l.lot is null limit cap) c;
end $$;

-- Urgent and high jobs that were released behind lower ones: all workers of the queue are told of them at once, and whose slot
-- is free next takes them, before what lies in its buffer or in the broker. From then on they count as released with the
-- oldest that they overtake, so that nobody takes those for lost.
create function twolane.hasten(name text) returns void language plpgsql
set jit = off set enable_seqscan = off set enable_bitmapscan = off set enable_sort = off as $$
declare
  behind bigint[];
  oldest timestamptz[];
  pack json;
begin
  with flying as (
    select l.id, l.prio, l.dispatched_at from twolane.live l where l.queue = name and l.dispatched_at is not null
      and l.state = 'queued' and l.lot is null order by l.dispatched_at limit 2000
  ), fronts as (
    select array[min(dispatched_at) filter (where prio > 0), min(dispatched_at) filter (where prio > 1)] as at from flying
  )
  select array(select f.id from flying f where f.prio < 2 and f.dispatched_at > fronts.at[f.prio + 1]
    order by f.prio, f.dispatched_at limit 16), fronts.at into behind, oldest from fronts;
  if cardinality(behind) = 0 then return; end if;
  behind := array(select id from twolane.live where id = any(behind) and state = 'queued' for update skip locked);
  with hastened as (
    update twolane.live l set dispatched_at = oldest[l.prio + 1] where l.id = any(behind) returning l.*
  )
  select json_agg(json_build_array(h.id::text, h.type, h.version, h.fence, h.crashes) order by h.prio, h.rank, h.id)
    into pack from hastened h;
  if pack is not null then perform pg_notify('twolane.first', json_build_object('queue', name, 'pack', pack)::text); end if;
end $$;

-- Fills the window of a queue in the order priority, rank, id. Keyed jobs go only when they are their key's head. Urgent and
-- high jobs may go some way beyond the window, since those that fill it may take long.
create function twolane.pick(name text, my_epoch bigint, win int, most int) returns setof twolane.envelope language plpgsql
set jit = off set enable_seqscan = off set enable_bitmapscan = off set enable_sort = off as $$
#variable_conflict use_column
declare
  beyond int := least(win, greatest(4, win / 8));
  -- The priorities that may go now are those below.
  bound smallint := 4;
  flying record;
  chosen bigint[];
  keyed bigint[];
  room int;
  candidates int;
  best smallint;
begin
  perform from twolane.queues q where q.queue = name and q.epoch = my_epoch and not q.paused;
  if not found then return; end if;
  flying := twolane.in_flight(name, win + beyond);
  room := least(most, win - flying.n);
  if room <= 0 then
    room := beyond - flying.better;
    bound := 2;
    if room <= 0
      or (select true from twolane.live l where l.queue = name and l.waiting and l.prio < 2 limit 1) is null then return; end if;
  elsif (select true from twolane.live l where l.queue = name and l.in_line is not null limit 1) then
    perform twolane.let_in(name, room);
  end if;
  if exists (select from twolane.lots where closed) then perform twolane.park(name, room); end if;
  select array_agg(id) filter (where key is null), array_agg(id) filter (where key is not null), count(*), min(prio)
    into chosen, keyed, candidates, best
  from (
    select id, key, prio from twolane.live where queue = name and waiting and prio < bound
    order by prio, rank, id limit room for update skip locked
  ) c;
  -- A key that is locked is being settled or claimed this very moment; its jobs wait for the next round.
  keyed := array(select id from twolane.live where id = any(keyed) and pg_try_advisory_xact_lock(hashtextextended(key, 'twolane.live'::regclass::oid::bigint)));
  update twolane.live l set waiting = false
    where id = any(keyed) and (select s.id from twolane.live s where s.key = l.key order by s.id limit 1) < l.id;
  return query
    update twolane.live l set waiting = false, state = 'queued', dispatched_at = clock_timestamp()
    where l.id = any(chosen || keyed) and l.waiting
    returning l.id, l.queue, l.type, l.version, l.fence, l.crashes;
  if best < 2 and best < flying.last then perform twolane.hasten(name); end if;
  -- All that waited is released and the window has room to spare: new jobs may go straight to the broker again. Decided
  -- here, in the moment of the release: a later look would always find some that came in between.
  if bound = 4 and candidates < room and win - room + candidates <= win / 2 then
    update twolane.queues set held = false where queue = name and held;
  end if;
end $$;

-- One look at all queues: where work waits, and how much is released and unclaimed, counted up to a cap per
-- queue; `mixed`: urgent or high ones among them beside lower ones.
create function twolane.look(names text[], caps int[])
returns table (queue text, paused boolean, held boolean, has_waiting boolean, has_line boolean,
  in_flight int, mixed boolean) language sql
set jit = off set enable_seqscan = off as $$
  select q.queue, q.paused, q.held,
    (select true from twolane.live l where l.queue = q.queue and l.waiting limit 1) is not null,
    (select true from twolane.live l where l.queue = q.queue and l.in_line is not null limit 1) is not null,
    flying.n, flying.better between 1 and flying.n - 1
  from unnest(names, caps) n(queue, cap) join twolane.queues q on q.queue = n.queue
  -- Urgent ones may stand behind a burst that went straight to the broker, far beyond the window.
  cross join lateral twolane.in_flight(q.queue, greatest(n.cap, 2000)) flying
$$;

-- Scheduled jobs whose time has come.
create function twolane.wake_due(most int) returns int language plpgsql set jit = off set enable_seqscan = off as $$
begin
  return twolane.set_waiting(array(
    select id from twolane.live where due_at <= now() order by due_at limit most for update skip locked));
end $$;

create function twolane.sweep_expired(most int) returns int language plpgsql set jit = off set enable_seqscan = off as $$
begin
  return (select count(*)::int from twolane.cancel(
    array(select id from twolane.live where expires_at <= now() and state <> 'running' limit most), 'expired'));
end $$;

-- Back to the outbox: their publish was not confirmed.
create function twolane.unpublish(ids bigint[]) returns void language sql as $$
  update twolane.live l set state = 'waiting', waiting = true, dispatched_at = null
  from (select id from twolane.live where id = any(ids) order by id for update) mine
  where l.id = mine.id and l.state = 'queued' and l.lot is null
$$;

-- Marks released jobs as released again, if nobody claimed them since `seen`; the caller publishes those it is told.
create function twolane.republish(ids bigint[], seen timestamptz) returns setof twolane.envelope language sql as $$
  update twolane.live l set dispatched_at = clock_timestamp()
  from (select id from twolane.live where id = any(ids) order by id for update) mine
  where l.id = mine.id and l.state = 'queued' and l.lot is null and l.dispatched_at <= seen
  returning l.id, l.queue, l.type, l.version, l.fence, l.crashes
$$;
