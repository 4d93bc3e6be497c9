-- The line: limited jobs wait in the line of their type; the dispatcher lets them into the outbox. Jobs of keys that are
-- full step aside meanwhile.

-- Keys with jobs that stepped aside (in_line = 2), and when to look at them again.
create table twolane.stepped_aside (
  type text not null,
  key text not null,
  look_at timestamptz not null default clock_timestamp(),
  primary key (type, key)
);
create index on twolane.stepped_aside (type, look_at);

-- Those of new jobs that step aside at once: their key has others that did, or has more in this very batch than may be under
-- way at once. The locks keep the rows of these keys until the caller's commit, see `step_back`.
create function twolane.asides_among(asked twolane.asked_job[]) returns bigint[] language plpgsql as $$
declare
  fresh text[];
  keys text[];
begin
  with crowds as (
    select a.type, a.limit_key, count(*) as n from unnest(asked) a where a.limit_key <> '' group by 1, 2
  ), added as (
    insert into twolane.stepped_aside (type, key)
      select c.type, c.limit_key from crowds c join twolane.limits l on l.type = c.type
      where c.n > least(l.key_concurrency, l.key_rate_count) order by 1, 2
      on conflict do nothing returning type || ':' || key as name
  )
  select array_agg(name) into fresh from added;
  keys := array(select s.type || ':' || s.key from twolane.stepped_aside s
    where (s.type, s.key) in (select a.type, a.limit_key from unnest(asked) a where a.limit_key <> '')
    order by s.type, s.key for key share);
  return array(
    select b.id from (
      select a.id, a.type || ':' || a.limit_key as name, least(l.key_concurrency, l.key_rate_count) as most,
        row_number() over (partition by a.type, a.limit_key order by a.ord) as nth
      from unnest(asked) a left join twolane.limits l on l.type = a.type where a.limit_key <> ''
    ) b
    where b.name = any(keys) and (b.nth > b.most or b.name = any(fresh) is not true));
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
  free := array(select id from twolane.live where id = any(keyed) and pg_try_advisory_xact_lock(hashtextextended(key, 'twolane.live'::regclass::oid::bigint)));
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
