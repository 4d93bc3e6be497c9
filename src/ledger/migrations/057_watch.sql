-- What workers saw of their job types, and what was found and mended.

create function twolane.add_counts(one int[], other int[]) returns int[] language sql immutable parallel safe as $$
  select array_agg(coalesce(a, 0) + coalesce(b, 0) order by n) from unnest(one, other) with ordinality as c(a, b, n)
$$;
create aggregate twolane.sum_counts(int[]) (sfunc = twolane.add_counts, stype = int[], initcond = '{}');

-- Starts and run times per job type in steps of ten seconds; each worker adds its own once a second.
create table twolane.type_stats (
  type text not null,
  queue text not null,
  at timestamptz not null,
  starts int not null,
  -- Starts that came later than the budget of the type.
  late int not null,
  -- Attempts that ended well, and those that failed, for the last time or not.
  succeeded int not null,
  failed int not null,
  -- Histograms: from ready to start, and from start to end.
  waits int[] not null,
  runs int[] not null,
  primary key (type, queue, at)
);

-- The same since the installation was made, for metrics: counts that only rise. One row per type and queue.
create table twolane.type_totals (
  type text not null,
  queue text not null,
  starts bigint not null,
  late bigint not null,
  -- Deliveries that a broker had given out before.
  redelivered bigint not null,
  waits bigint[] not null,
  runs bigint[] not null,
  -- All of those times together, seconds.
  wait_s float8 not null,
  run_s float8 not null,
  -- How many attempts ended how: {"succeeded": 12, "retry": 1}.
  endings jsonb not null,
  primary key (type, queue)
) with (fillfactor = 50);

create function twolane.add_counts(one bigint[], other bigint[]) returns bigint[] language sql immutable parallel safe as $$
  select array_agg(coalesce(a, 0) + coalesce(b, 0) order by n) from unnest(one, other) with ordinality as c(a, b, n)
$$;

create function twolane.add_counts(one jsonb, other jsonb) returns jsonb language sql immutable parallel safe as $$
  select coalesce(jsonb_object_agg(name, n), '{}') from (
    select key as name, sum(value::bigint) as n from (select * from jsonb_each_text(one) union all select * from jsonb_each_text(other)) e
    group by key
  ) sums
$$;

create function twolane.note_runs(items json) returns void language sql as $$
  insert into twolane.type_totals as t (type, queue, starts, late, redelivered, waits, runs, wait_s, run_s, endings)
    select type, queue, starts, late, redelivered, waits, runs, "waitS", "runS", endings
    from json_to_recordset(items) as (type text, queue text, starts bigint, late bigint, redelivered bigint, waits bigint[],
      runs bigint[], "waitS" float8, "runS" float8, endings jsonb)
    order by type, queue
  on conflict (type, queue) do update set starts = t.starts + excluded.starts, late = t.late + excluded.late,
    redelivered = t.redelivered + excluded.redelivered, waits = twolane.add_counts(t.waits, excluded.waits),
    runs = twolane.add_counts(t.runs, excluded.runs), wait_s = t.wait_s + excluded.wait_s, run_s = t.run_s + excluded.run_s,
    endings = twolane.add_counts(t.endings, excluded.endings);
  insert into twolane.type_stats as s (type, queue, at, starts, late, succeeded, failed, waits, runs)
    select type, queue, date_bin('10 seconds', now(), 'epoch'), starts, late, coalesce((endings ->> 'succeeded')::int, 0),
      coalesce((endings ->> 'retry')::int, 0) + coalesce((endings ->> 'dead')::int, 0), waits, runs
    from json_to_recordset(items) as (type text, queue text, starts int, late int, waits int[], runs int[], endings jsonb)
    order by type, queue
  on conflict (type, queue, at) do update set starts = s.starts + excluded.starts, late = s.late + excluded.late,
    succeeded = s.succeeded + excluded.succeeded, failed = s.failed + excluded.failed,
    waits = twolane.add_counts(s.waits, excluded.waits), runs = twolane.add_counts(s.runs, excluded.runs)
$$;

-- Since when the first job in line of each queue could have been given to the broker; 0 while the queue is paused, its window
-- full, or nothing in line. Reads one head of an index per queue.
create function twolane.dispatch_lag() returns table (queue text, lag_ms float8) language sql stable
set jit = off set enable_seqscan = off set enable_sort = off as $$
  select q.queue, coalesce((
    select extract(epoch from now() - coalesce(l.ready_at, twolane.time_of(l.id))) * 1000 from twolane.live l
    where l.queue = q.queue and l.waiting and not q.paused and not q.held order by l.prio, l.rank, l.id limit 1), 0)
  from twolane.queues q order by q.queue
$$;

-- Per type and queue: the last minute, the last hour, and the histograms of the last five minutes.
create function twolane.type_status() returns table (type text, queue text, starts_1m int, late_1m int, starts_1h int,
  late_1h int, waits int[], runs int[]) language sql stable as $$
  select s.type, s.queue,
    coalesce(sum(starts) filter (where at > now() - interval '1 minute'), 0)::int,
    coalesce(sum(late) filter (where at > now() - interval '1 minute'), 0)::int,
    sum(starts)::int, sum(late)::int,
    twolane.sum_counts(waits) filter (where at > now() - interval '5 minutes'),
    twolane.sum_counts(runs) filter (where at > now() - interval '5 minutes')
  from twolane.type_stats s where at > now() - interval '1 hour' group by 1, 2 order by 1, 2
$$;

-- Jobs that start before this one, counted up to `cap`; null for one that waits for something else than its turn.
create function twolane.ahead_of(job bigint, cap int) returns int language plpgsql stable
set jit = off set enable_seqscan = off set enable_sort = off as $$
declare
  j twolane.live;
begin
  select * into j from twolane.live where id = job;
  if j.state = 'queued' then
    return (select count(*) from (select from twolane.live l where l.queue = j.queue
      and l.dispatched_at < j.dispatched_at and l.state = 'queued' limit cap) c);
  elsif j.waiting then
    return least(cap, (twolane.in_flight(j.queue, cap)).n + (select count(*) from (
      select from twolane.live l where l.queue = j.queue and l.waiting and (l.prio, l.rank, l.id) < (j.prio, j.rank, j.id)
      order by l.prio, l.rank, l.id limit cap) c));
  elsif j.in_line is not null then
    return (select count(*) from (select from twolane.live l where l.queue = j.queue and l.type = j.type
      and l.in_line = j.in_line and (l.prio, l.rank, l.id) < (j.prio, j.rank, j.id) order by l.prio, l.rank, l.id limit cap) c);
  elsif j.state = 'waiting' and j.lot is null and j.key is not null then
    return (select count(*) from (select from twolane.live l where l.key = j.key and l.id < j.id limit cap) c);
  end if;
  return null;
end $$;

-- Jobs of a queue that gives way which are released or run, counted up to `cap`. In one statement, so that none is missed
-- that is claimed meanwhile.
create function twolane.outstanding(name text, cap int) returns int language sql stable
set jit = off set enable_seqscan = off as $$
  select count(*)::int from (
    select from twolane.live l where l.queue = name and l.dispatched_at is not null and l.state in ('queued', 'running') limit cap) c
$$;
