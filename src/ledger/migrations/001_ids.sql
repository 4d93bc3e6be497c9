-- Ids: 41 bits of milliseconds since 2025, 13 of shard, 10 of sequence. One block is reserved per statement; the counter
-- runs ahead of the clock when a millisecond is full, so ids never collide and never go backwards.
create sequence twolane.id_clock minvalue 0 start 0;

create function twolane.id_at(at timestamptz) returns bigint language sql immutable parallel safe as $$
  select greatest(0, floor(extract(epoch from at) * 1000)::bigint - 1735689600000) << 23
$$;

create function twolane.time_of(id bigint) returns timestamptz language sql immutable parallel safe as $$
  select to_timestamp(((id >> 23) + 1735689600000) / 1000.0)
$$;

-- Reserves a block of `n` and answers its first place; `id_of` makes ids of it and the places that follow.
create function twolane.reserve_ids(n int) returns bigint language plpgsql as $$
declare
  first bigint;
begin
  perform pg_advisory_lock('twolane.id_clock'::regclass::oid::int, 0);
  begin
    select greatest(last_value + 1, (floor(extract(epoch from clock_timestamp()) * 1000)::bigint - 1735689600000) << 10)
      into first from twolane.id_clock;
    perform setval('twolane.id_clock', first + n - 1);
  exception when others then
    perform pg_advisory_unlock('twolane.id_clock'::regclass::oid::int, 0);
    raise;
  end;
  perform pg_advisory_unlock('twolane.id_clock'::regclass::oid::int, 0);
  return first;
end $$;

create function twolane.id_of(place bigint, shard int) returns bigint language sql immutable as $$
  select ((place >> 10) << 23) | (shard::bigint << 10) | (place & 1023)
$$;

create function twolane.next_ids(n int, shard int default 0) returns setof bigint language plpgsql as $$
declare
  first bigint := twolane.reserve_ids(n);
begin
  return query select twolane.id_of(place, shard) from generate_series(first, first + n - 1) place;
end $$;
