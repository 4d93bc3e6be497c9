-- Ids: 41 bits of milliseconds since 2025, 13 of shard, 10 of sequence. One block is reserved per statement; the counter
-- runs ahead of the clock when a millisecond is full, so ids never collide and never go backwards.
create sequence twolane.id_clock minvalue 0 start 0;

create function twolane.id_at(at timestamptz) returns bigint language sql immutable parallel safe as $$
  select greatest(0, floor(extract(epoch from at) * 1000)::bigint - 1735689600000) << 23
$$;

create function twolane.time_of(id bigint) returns timestamptz language sql immutable parallel safe as $$
  select to_timestamp(((id >> 23) + 1735689600000) / 1000.0)
$$;

create function twolane.next_ids(n int, shard int default 0) returns setof bigint language plpgsql as $$
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
  return query select ((v >> 10) << 23) | (shard::bigint << 10) | (v & 1023) from generate_series(first, first + n - 1) v;
end $$;
