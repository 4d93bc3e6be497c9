-- Jobs in state `waiting`, wherever they stand: in the outbox, in the line of a limit, parked, or behind one of their key.
create function twolane.count_waiting(name text, cap int) returns int language plpgsql stable
set jit = off set enable_seqscan = off set enable_bitmapscan = off as $$
begin
  return least(cap,
    (select count(*) from (select from twolane.live l where l.queue = name and l.waiting limit cap) c)
    + (select count(*) from (select from twolane.live l where l.queue = name and l.in_line is not null limit cap) c)
    + (select count(*) from (select from twolane.live l where l.queue = name and l.lot is not null and l.state = 'waiting' limit cap) c)
    + (select count(*) from (select from twolane.live l where l.queue = name and l.key is not null and not l.waiting
        and l.in_line is null and l.lot is null and l.dispatched_at is null and l.due_at is null and l.blockers = 0 limit cap) c));
end $$;

-- Age of the oldest job of a queue that could run and has not started; null when there is none.
create function twolane.oldest_ms(name text) returns float8 language plpgsql stable
set jit = off set enable_seqscan = off set enable_bitmapscan = off set enable_sort = off as $$
begin
  return extract(epoch from now() - least(
    (select twolane.time_of(min(id)) from (select id from twolane.live l where l.queue = name and l.waiting order by prio, rank, id limit 500) w),
    (select min(dispatched_at) from (select dispatched_at from twolane.live l where l.queue = name and l.dispatched_at is not null
      and l.state = 'queued' order by l.dispatched_at limit 500) w))) * 1000;
end $$;

-- The queues as operators see them. Every count stops at `cap`; ages come from the heads of indexes.
create function twolane.queue_status(cap int) returns table (
  queue text, paused boolean, held boolean, blocked int, scheduled int, waiting int, queued int, running int, dead int,
  oldest_ms float8, enqueued_per_s float8, finished_per_s float8, failed_per_s float8,
  workers int, concurrency int, spark int[]
) language sql stable
set jit = off set enable_seqscan = off set enable_bitmapscan = off set enable_sort = off as $$
  with minute as (
    select t.queue, sum(enqueued) / 60.0 as enqueued, sum(succeeded) / 60.0 as succeeded, sum(failed) / 60.0 as failed
    from twolane.queue_stats t where at > now() - interval '60 seconds' group by t.queue
  ), fleet as (
    select slot ->> 'queue' as queue, count(distinct s.id) as workers, sum((slot ->> 'concurrency')::int) as concurrency
    from twolane.sessions s, jsonb_array_elements(s.queues) slot where not s.draining group by 1
  )
  select q.queue, q.paused, q.held,
    (select count(*) from (select from twolane.live l where l.queue = q.queue and l.state = 'blocked' and l.blockers > 0 limit cap) c)::int,
    (select count(*) from (select from twolane.live l where l.queue = q.queue and (l.due_at is null) is false and l.state = 'scheduled' limit cap) c)::int,
    twolane.count_waiting(q.queue, cap),
    (select count(*) from (select from twolane.live l where l.queue = q.queue and l.dispatched_at is not null and l.state = 'queued' limit cap) c)::int,
    (select count(*) from (select from twolane.live l where l.queue = q.queue and l.dispatched_at is not null and l.state = 'running' limit cap) c)::int,
    (select count(*) from (select from twolane.dead x where x.queue = q.queue limit cap) c)::int,
    twolane.oldest_ms(q.queue),
    coalesce(m.enqueued, 0)::float8, coalesce(m.succeeded, 0)::float8, coalesce(m.failed, 0)::float8,
    coalesce(f.workers, 0)::int, coalesce(f.concurrency, 0)::int,
    (select array_agg(coalesce(n, 0)::int order by period) from (
      select period, (select sum(succeeded) from twolane.queue_stats t where t.queue = q.queue
        and t.at >= now() - (30 - period) * interval '10 seconds' and t.at < now() - (29 - period) * interval '10 seconds') as n
      from generate_series(0, 29) period) s)
  from twolane.queues q
  left join minute m on m.queue = q.queue
  left join fleet f on f.queue = q.queue
  order by q.queue
$$;

-- One statement, so one snapshot: what was ever appended, what was settled, and what is alive must fit.
create function twolane.conservation() returns table (appended bigint, settled bigint, live bigint) language sql stable as $$
  select t.appended + coalesce((select sum(enqueued + revived) from twolane.tallies), 0)::bigint,
    t.settled + coalesce((select sum(succeeded + dead + cancelled) from twolane.tallies), 0)::bigint,
    (select count(*) from twolane.live)
  from twolane.totals t
$$;

-- Those sums as they were counted last, and how long that took.
create table twolane.books (
  one boolean primary key default true check (one),
  at timestamptz,
  took interval not null default '0',
  appended bigint not null default 0,
  settled bigint not null default 0,
  live bigint not null default 0
);
insert into twolane.books default values;

-- Counts them anew, unless that is not due: however many jobs are alive, counting takes at most `share` of the time. `now_too`:
-- even if it is not. Answers nothing while another process is at it.
create function twolane.count_books(share float8, now_too boolean) returns setof twolane.books language plpgsql as $$
declare
  started timestamptz := clock_timestamp();
  sums record;
begin
  perform from twolane.books b where now_too or b.at is null or b.at + b.took / share <= started for update skip locked;
  if not found then return; end if;
  select * into sums from twolane.conservation();
  return query update twolane.books b set at = clock_timestamp(), took = clock_timestamp() - started,
    appended = sums.appended, settled = sums.settled, live = sums.live returning b.*;
end $$;
