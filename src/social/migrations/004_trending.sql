-- Trending. Windows are numbered in whole five minutes since 1970.

-- Who used which tag in a window, each once, whatever is delivered twice. A ring of partitions: a window that nothing can be
-- late for any more is summed up and its partition emptied, so that a million tags a window stay a few windows on the disk.
create table twolane_social.trend_uses (
  slot smallint not null,
  time_window integer not null,
  tag text collate "C" not null,
  author_hash bigint not null,
  primary key (slot, time_window, tag, author_hash)
) partition by list (slot);
do $$ begin
  for slot in 0..7 loop
    execute format('create table twolane_social.trend_uses_%s partition of twolane_social.trend_uses for values in (%s)', slot, slot);
  end loop;
end $$;

-- The best of each window that was scored.
create table twolane_social.trend_scores (
  time_window integer not null,
  tag text collate "C" not null,
  score double precision not null,
  count integer not null,
  primary key (time_window, tag)
);

-- The largest share of a window per tag and hour, of tags that were used by a few at least.
create table twolane_social.trend_baseline (
  tag text collate "C" not null,
  hour integer not null,
  max_share double precision not null,
  primary key (tag, hour)
);
create index trend_baseline_by_hour on twolane_social.trend_baseline (hour);

-- The list as it is served.
create table twolane_social.trend_list (
  id smallint primary key check (id = 1),
  as_of timestamptz not null,
  items jsonb not null,
  -- What the most used tag had: says why a list is empty.
  most_people integer not null
);
