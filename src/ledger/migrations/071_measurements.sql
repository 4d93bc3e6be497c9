-- What operators look back on, per queue: throughput, failures, waits, runs and ages. By the minute for two days, by the half hour
-- for a month; a queue has some 4,300 rows, however many jobs it runs.
create table twolane.measurements (
  -- Seconds that a row stands for.
  step int not null check (step in (60, 1800)),
  at timestamptz not null,
  queue text not null,
  enqueued bigint not null,
  succeeded bigint not null,
  failed bigint not null,
  dead bigint not null,
  cancelled bigint not null,
  starts bigint not null,
  late bigint not null,
  -- Histograms: from ready to start, and from start to end.
  waits int[] not null,
  runs int[] not null,
  -- The oldest that was seen of jobs that could run and had not started, milliseconds.
  oldest_ms float8 not null,
  primary key (step, at, queue)
);

-- Sums the present minute and the one before up anew from what is counted anyway; after a break all that is still known of it,
-- two hours at most. Any number of processes may call it, one does the work.
create function twolane.measure() returns void language plpgsql set jit = off as $$
declare
  since timestamptz;
begin
  if not pg_try_advisory_xact_lock('twolane.measurements'::regclass::oid::int, 0) then return; end if;
  update twolane.scheduler_pulse set at = now();
  since := greatest(date_bin('1 minute', now(), 'epoch') - interval '2 hours',
    least(date_bin('1 minute', now(), 'epoch'), (select max(m.at) from twolane.measurements m where m.step = 60)) - interval '1 minute');
  insert into twolane.measurements as m (step, at, queue, enqueued, succeeded, failed, dead, cancelled, starts, late, waits, runs,
      oldest_ms)
    select 60, at, queue, coalesce(enqueued, 0), coalesce(succeeded, 0), coalesce(failed, 0), coalesce(dead, 0),
      coalesce(cancelled, 0), coalesce(starts, 0), coalesce(late, 0), coalesce(waits, '{}'), coalesce(runs, '{}'),
      coalesce(oldest_ms, 0)
    from (
      select queue, date_bin('1 minute', at, 'epoch') as at, sum(enqueued) as enqueued, sum(succeeded) as succeeded,
        sum(failed) as failed, sum(dead) as dead, sum(cancelled) as cancelled
      from twolane.queue_stats where at >= since group by 1, 2
    ) counts full join (
      select queue, date_bin('1 minute', at, 'epoch') as at, sum(starts) as starts, sum(late) as late,
        twolane.sum_counts(waits) as waits, twolane.sum_counts(runs) as runs
      from twolane.type_stats where at >= since group by 1, 2
    ) times using (queue, at) full join (
      select queue, date_bin('1 minute', now(), 'epoch') as at, twolane.oldest_ms(queue) as oldest_ms from twolane.queues
    ) ages using (queue, at)
    order by at, queue
  on conflict (step, at, queue) do update set enqueued = excluded.enqueued, succeeded = excluded.succeeded,
    failed = excluded.failed, dead = excluded.dead, cancelled = excluded.cancelled, starts = excluded.starts, late = excluded.late,
    waits = excluded.waits, runs = excluded.runs, oldest_ms = greatest(m.oldest_ms, excluded.oldest_ms);
  perform twolane.measure_types(since);
end $$;

-- The same by the half hour, from the minutes.
create function twolane.measure_long() returns void language plpgsql set jit = off as $$
declare
  since timestamptz;
begin
  if not pg_try_advisory_xact_lock('twolane.measurements'::regclass::oid::int, 1) then return; end if;
  since := coalesce((select max(m.at) from twolane.measurements m where m.step = 1800) - interval '30 minutes', '-infinity');
  insert into twolane.measurements as m
    select 1800, date_bin('30 minutes', at, 'epoch'), queue, sum(enqueued), sum(succeeded), sum(failed), sum(dead), sum(cancelled),
      sum(starts), sum(late), coalesce(twolane.sum_counts(waits), '{}'), coalesce(twolane.sum_counts(runs), '{}'), max(oldest_ms)
    from twolane.measurements where step = 60 and at >= since group by 2, 3 order by 2, 3
  on conflict (step, at, queue) do update set enqueued = excluded.enqueued, succeeded = excluded.succeeded,
    failed = excluded.failed, dead = excluded.dead, cancelled = excluded.cancelled, starts = excluded.starts, late = excluded.late,
    waits = excluded.waits, runs = excluded.runs, oldest_ms = greatest(m.oldest_ms, excluded.oldest_ms);
  perform twolane.measure_types_long(since);
end $$;
