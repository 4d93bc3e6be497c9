-- What operators look back on per job type: what its workers counted, by the minute for two days, by the half hour for a month. A type has
-- rows for minutes in which it ran.
create table twolane.type_measurements (
  type text not null,
  queue text not null,
  -- Seconds that a row stands for.
  step int not null check (step in (60, 1800)),
  at timestamptz not null,
  starts bigint not null,
  late bigint not null,
  succeeded bigint not null,
  failed bigint not null,
  -- Histograms: from ready to start, and from start to end.
  waits int[] not null,
  runs int[] not null,
  primary key (type, queue, step, at)
);

-- Sums minutes anew from `since` on, which `measure` calls under its lock.
create function twolane.measure_types(since timestamptz) returns void language sql as $$
  insert into twolane.type_measurements as m
    select type, queue, 60, date_bin('1 minute', at, 'epoch'), sum(starts), sum(late), sum(succeeded), sum(failed),
      twolane.sum_counts(waits), twolane.sum_counts(runs)
    from twolane.type_stats where at >= since group by 1, 2, 4 order by 1, 2, 4
  on conflict (type, queue, step, at) do update set starts = excluded.starts, late = excluded.late,
    succeeded = excluded.succeeded, failed = excluded.failed, waits = excluded.waits, runs = excluded.runs
$$;

-- Half hours from the minutes, which `measure_long` calls under its lock.
create function twolane.measure_types_long(since timestamptz) returns void language sql as $$
  insert into twolane.type_measurements as m
    select type, queue, 1800, date_bin('30 minutes', at, 'epoch'), sum(starts), sum(late), sum(succeeded), sum(failed),
      twolane.sum_counts(waits), twolane.sum_counts(runs)
    from twolane.type_measurements where step = 60 and at >= since group by 1, 2, 4 order by 1, 2, 4
  on conflict (type, queue, step, at) do update set starts = excluded.starts, late = excluded.late,
    succeeded = excluded.succeeded, failed = excluded.failed, waits = excluded.waits, runs = excluded.runs
$$;
