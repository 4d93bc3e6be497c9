-- Limits and shares: how many jobs of a type or key may be under way or start in a time, and the weight of a tenant's turns.
-- A slot is a fact, not a counter: a limited job holds one while it is in the outbox, released or running, so every way out
-- of these gives it back. Limited jobs wait in the line of their type; the dispatcher lets them into the outbox.

-- One row per type of a catalog that has limits, or had; nulls limit nothing. Its lock makes letting in one at a time.
create table twolane.limits (
  type text primary key,
  concurrency int,
  rate_count int,
  rate_ms bigint,
  key_concurrency int,
  key_rate_count int,
  key_rate_ms bigint
);

-- Tenants whose weight is not 1.
create table twolane.tenants (
  tenant text primary key,
  weight int not null check (weight between 1 and 100)
);

-- How many jobs started in a twentieth of their limit's time; they count until that slice has left the time altogether, so
-- no stretch of that length ever sees more starts than allowed. The key '' is the type itself.
create table twolane.starts (
  type text not null,
  key text not null,
  until timestamptz not null,
  n int not null,
  primary key (type, key, until)
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);
create index on twolane.starts (until);

-- Keys with jobs that stepped aside (in_line = 2), and when to look at them again.
create table twolane.stepped_aside (
  type text not null,
  key text not null,
  look_at timestamptz not null default clock_timestamp(),
  primary key (type, key)
);
create index on twolane.stepped_aside (type, look_at);

-- What a job with this type and key waits for: its place in a strict order (key), and its limits (limit_key).
create function twolane.limited_by(of_type text, of_key text, out ordered_key text, out limit_key text) language sql stable as $$
  select case when l.key_concurrency is null then of_key end,
    case when l.concurrency is not null or l.rate_count is not null then coalesce(of_key, '')
      when l.key_concurrency is not null or l.key_rate_count is not null then of_key end
  from (select 1) one left join twolane.limits l on l.type = of_type
$$;

-- Turns: the distance between two ranks of a tenant. 720,720 divides by everything up to 15.
create function twolane.step_of(of_tenant text) returns bigint language plpgsql stable as $$
begin
  return 720720 / coalesce((select weight from twolane.tenants t where t.tenant = of_tenant), 1);
end $$;

-- The rank that a tenant's next job follows, in the line of a type or ('') in the outbox: its own last one, or the front.
create function twolane.base_of(of_queue text, line text, of_prio smallint, of_tenant text) returns bigint
language plpgsql stable as $$
begin
  if line = '' then
    return coalesce((select rank from twolane.live l where l.waiting and l.queue = of_queue and l.prio = of_prio
      and l.tenant = of_tenant order by rank desc limit 1), twolane.front(of_queue, line, of_prio));
  end if;
  return coalesce(
    (select rank from twolane.live l where l.in_line is not null and l.type = line and l.prio = of_prio and l.tenant = of_tenant
      order by rank desc limit 1),
    twolane.front(of_queue, line, of_prio));
end $$;

-- The lowest rank that waits in the outbox of a queue, or in the line of a type.
create function twolane.front(of_queue text, line text, of_prio smallint) returns bigint language plpgsql stable as $$
begin
  if line = '' then
    return coalesce((select rank from twolane.live l where l.waiting and l.queue = of_queue and l.prio = of_prio
      order by rank limit 1), 0);
  end if;
  return coalesce((select rank from twolane.live l where l.in_line = 1 and l.queue = of_queue and l.type = line
    and l.prio = of_prio order by rank limit 1), 0);
end $$;

-- The ranks of jobs that wait again, or whose time has come: they take turns with what is at the front.
create function twolane.turns(ids bigint[]) returns table (id bigint, rank bigint) language plpgsql stable
set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_nestloop = off set enable_mergejoin = off as $$
#variable_conflict use_column
begin
  return query with mine as (
    select l.id, l.queue, l.prio, l.tenant, case when l.limit_key is null then '' else l.type end as line
    from twolane.live l where l.id = any(ids)
  ), fronts as (
    select m.*, twolane.step_of(tenant) as step, twolane.front(queue, line, prio) as rank
    from (select distinct queue, line, prio, tenant from mine) m
  )
  select m.id, f.rank + f.step * row_number() over (partition by m.queue, m.line, m.prio, m.tenant order by m.id)
  from mine m join fronts f using (queue, line, prio, tenant);
end $$;

-- Which keys of new jobs have others that stepped aside: the new ones stand behind them at once. The lock keeps the key's
-- row until the caller's commit, see `step_back`.
create function twolane.asides_among(asked twolane.asked_job[]) returns text[] language plpgsql as $$
begin
  return array(select s.type || ':' || s.key from twolane.stepped_aside s
    where (s.type, s.key) in (select a.type, a.limit_key from unnest(asked) a where a.limit_key <> '')
    order by s.type, s.key for key share);
end $$;

-- The starts to note for jobs that were claimed just now: for their types, and for their keys.
create function twolane.count_starts(types text[], keys text[]) returns table (type text, key text, until timestamptz, n int)
language sql as $$
  select x.type, c.key, date_bin(c.ms / 20 * interval '1 ms', clock_timestamp(), 'epoch') + c.ms * 1.05 * interval '1 ms', count(*)::int
  from unnest(types, keys) t(type, limit_key) join twolane.limits x on x.type = t.type
  cross join lateral (values ('', x.rate_ms::float8), (nullif(t.limit_key, ''), x.key_rate_ms)) c(key, ms)
  where c.key is not null and c.ms is not null
  group by 1, 2, 3 order by 1, 2, 3
$$;

create function twolane.sweep_starts() returns void language sql as $$
  delete from twolane.starts where (type, key, until) in (
    select type, key, until from twolane.starts where until < now() limit 10000 for update skip locked)
$$;

-- How many more jobs of each key may be let in (null: any number), and when starts will count no longer where that is why.
create function twolane.room_of_keys(l twolane.limits, keys text[]) returns table (key text, room int, free_at timestamptz)
language plpgsql stable as $$
#variable_conflict use_column
begin
  return query select k.key, least(l.key_concurrency - h.held, l.key_rate_count - h.unstarted - s.started)::int,
    case when s.started > 0 and l.key_rate_count - h.unstarted - s.started <= 0 then s.free_at end
  from unnest(keys) k(key)
  cross join lateral (
    select count(*) as held, count(*) filter (where state <> 'running') as unstarted from twolane.live j
    where j.type = l.type and j.limit_key = k.key and (j.waiting or j.dispatched_at is not null)
  ) h
  cross join lateral (
    select coalesce(sum(n), 0) as started, min(until) as free_at from twolane.starts s
    where l.key_rate_count is not null and s.type = l.type and s.key = k.key and s.until > clock_timestamp()
  ) s;
end $$;

-- Lets limited jobs of a queue into its outbox, type by type, as many as their limits and the window have room for.
create function twolane.let_in(name text, room int) returns void language plpgsql as $$
declare
  of_type text := '';
begin
  loop
    -- From one type with a line to the next, each one look into the index.
    select l.type into of_type from twolane.live l where l.queue = name and l.in_line is not null and l.type > of_type
      order by l.type limit 1;
    exit when not found;
    continue when exists (select from twolane.lots s where s.closed and s.lot = 'type:' || of_type);
    perform twolane.let_in_type(name, of_type, room);
  end loop;
end $$;

create function twolane.let_in_type(name text, of_type text, room int) returns void language plpgsql as $$
declare
  l twolane.limits;
  n int;
  look int;
  ids bigint[];
  fitting bigint[];
  outbox int;
  fronts bigint[];
begin
  insert into twolane.limits (type) select of_type where not exists (select from twolane.limits where type = of_type)
    on conflict do nothing;
  select * into l from twolane.limits where type = of_type for update;
  outbox := (select count(*) from twolane.live where type = of_type and limit_key is not null and waiting);
  n := least(room - outbox, twolane.room_of_type(l));
  if exists (select from twolane.stepped_aside where type = of_type) and n > 0 then perform twolane.step_back(l); end if;
  fronts := array(select twolane.front(name, '', prio::smallint) from generate_series(0, 3) prio);
  -- A look further along the line only when the keys of the first have no room, and not far: others want to be let in too.
  foreach look in array array[n + 200, n + 400] loop
    exit when n <= 0;
    ids := array(select id from twolane.live where queue = name and type = of_type and in_line = 1
      order by prio, rank, id limit look);
    fitting := twolane.choose(l, twolane.hold_behind_keys(ids), n);
    update twolane.live j set in_line = null, waiting = true, ready_at = clock_timestamp(),
      rank = fronts[j.prio + 1] + (outbox + c.place) * 720720
    from unnest(fitting) with ordinality c(id, place) where j.id = any(fitting) and j.id = c.id and j.in_line is not distinct from 1;
    outbox := outbox + cardinality(fitting);
    exit when cardinality(ids) < look;
    n := n - cardinality(fitting);
  end loop;
end $$;

-- How many more jobs of a type may be let in; null: any number. Slots are counted before starts: a job that is claimed in
-- between counts twice then, never not at all.
create function twolane.room_of_type(l twolane.limits) returns int language plpgsql as $$
declare
  held int;
  unstarted int;
  started int;
begin
  select count(*), count(*) filter (where state <> 'running') into held, unstarted
    from twolane.live where type = l.type and limit_key is not null and (waiting or dispatched_at is not null);
  if l.rate_count is not null then
    started := coalesce((select sum(n) from twolane.starts s
      where s.type = l.type and s.key = '' and s.until > clock_timestamp()), 0);
  end if;
  return least(l.concurrency - held, l.rate_count - unstarted - started);
end $$;

-- Below, rows are found by their ids and only then looked at: `in_line = 1` would let the planner read the whole line instead,
-- as `exists` would where a look at the first row is meant.

-- Of the next in line, those whose strict order lets them go. The others wait for the job before them, outside the line. A key
-- that is locked is being settled or claimed this very moment; its jobs wait for the next round.
create function twolane.hold_behind_keys(ids bigint[]) returns bigint[] language plpgsql as $$
declare
  keyed bigint[] := array(select id from twolane.live where id = any(ids) and key is not null);
  free bigint[];
begin
  if cardinality(keyed) = 0 then return ids; end if;
  free := array(select id from twolane.live where id = any(keyed) and pg_try_advisory_xact_lock(hashtextextended(key, 0)));
  update twolane.live l set in_line = null
    where id = any(free) and in_line is not distinct from 1
      and (select s.id from twolane.live s where s.key = l.key order by s.id limit 1) < l.id;
  return array(select id from twolane.live where id = any(ids) and in_line is not distinct from 1
    and (key is null or id = any(free)));
end $$;

-- The next `n` whose keys have room. Those before them whose keys have none step aside, so that nobody looks at them again
-- before that changes.
create function twolane.choose(l twolane.limits, ids bigint[], n int) returns bigint[] language plpgsql as $$
declare
  chosen bigint[];
  full_up bigint[];
  keys text[];
begin
  with line as (
    select id, limit_key, prio, rank, row_number() over (partition by limit_key order by prio, rank, id) as nth
    from twolane.live where id = any(ids) and in_line is not distinct from 1
  ), rooms as (
    select * from twolane.room_of_keys(l, array(select distinct limit_key from line where limit_key <> ''))
  ), judged as (
    -- A key's jobs that stepped aside go before those that came later.
    select line.*, coalesce(nth <= r.room, true) and (a.key is null or coalesce((line.prio, line.rank, line.id) < (
      select j.prio, j.rank, j.id from twolane.live j where j.type = l.type and j.limit_key = a.key and j.in_line = 2
      order by j.prio, j.rank, j.id limit 1), true)) as fits
    from line left join rooms r on r.key = line.limit_key
    left join twolane.stepped_aside a on a.type = l.type and a.key = r.key
  ), counted as (
    select *, count(*) filter (where fits) over (order by prio, rank, id) as upto from judged
  )
  select coalesce(array_agg(id order by prio, rank, id) filter (where fits and upto <= n), '{}'),
    array_agg(id) filter (where not fits and upto < n),
    array_agg(distinct limit_key) filter (where fits and upto <= n and limit_key <> '')
    into chosen, full_up, keys from counted;
  if full_up is not null then
    update twolane.live set in_line = 2 where id = any(full_up) and in_line is not distinct from 1;
    insert into twolane.stepped_aside (type, key) select distinct type, limit_key from twolane.live where id = any(full_up)
      on conflict (type, key) do update set look_at = clock_timestamp();
  end if;
  update twolane.stepped_aside set look_at = clock_timestamp() where type = l.type and key = any(keys);
  return chosen;
end $$;

-- Back into the line: the next jobs of keys that have room again. At most 200 keys a call; a key with a job in the line
-- already has nothing to be done for.
create function twolane.step_back(l twolane.limits) returns void language plpgsql as $$
declare
  due text[] := array(select key from twolane.stepped_aside where type = l.type and look_at <= clock_timestamp()
    order by look_at limit 200);
begin
  if cardinality(due) = 0 then return; end if;
  with rooms as (
    select *, (select true from twolane.live j where j.type = l.type and j.limit_key = r.key and j.in_line = 1 limit 1)
      is not null as offered
    from twolane.room_of_keys(l, due) r
  ), back as (
    update twolane.live j set in_line = 1
    from rooms r cross join lateral (
      select id from twolane.live x where x.type = l.type and x.limit_key = r.key and x.in_line = 2
      order by x.prio, x.rank, x.id limit least(greatest(coalesce(r.room, 200), 0), 200)
    ) next
    where j.id = next.id and not r.offered
  )
  update twolane.stepped_aside a
    set look_at = case when r.offered or coalesce(r.room, 1) > 0 then clock_timestamp() + interval '1 second'
      else coalesce(r.free_at, clock_timestamp()) end
  from rooms r where a.type = l.type and a.key = r.key;
  -- Not while somebody is about to add to a key. The jobs are looked for after the lock was taken, so none is missed.
  due := array(select key from twolane.stepped_aside where type = l.type and key = any(due) for update skip locked);
  delete from twolane.stepped_aside a where a.type = l.type and a.key = any(due)
    and (select true from twolane.live j where j.type = a.type and j.limit_key = a.key and j.in_line = 2 limit 1) is null;
end $$;
