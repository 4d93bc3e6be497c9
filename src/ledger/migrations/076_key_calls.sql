-- How often API keys with a limit were used, by all processes together. A loss costs a minute of counting, hence unlogged.
create unlogged table twolane.key_calls (
  name text not null,
  minute timestamptz not null,
  calls bigint not null,
  primary key (name, minute)
);

-- Adds what a process has counted and answers what all have counted, of this minute and of the one before; forgets older ones.
create function twolane.count_key_calls(names text[], added int[])
returns table (key_name text, present bigint, before bigint, elapsed_s double precision)
language sql as $$
  with clock as (select date_trunc('minute', now()) as minute),
  swept as (
    delete from twolane.key_calls where (name, minute) in (
      select k.name, k.minute from twolane.key_calls k, clock where k.minute < clock.minute - interval '2 minutes'
      order by k.name, k.minute limit 1000 for update skip locked)),
  counted as (
    insert into twolane.key_calls as k (name, minute, calls)
    select given.name, clock.minute, given.calls from unnest(names, added) given(name, calls), clock order by given.name
    on conflict (name, minute) do update set calls = k.calls + excluded.calls
    returning k.name, k.calls)
  select counted.name, counted.calls, coalesce(b.calls, 0), extract(epoch from now() - clock.minute)::double precision
  from clock cross join counted left join twolane.key_calls b on b.name = counted.name and b.minute = clock.minute - interval '1 minute'
$$;
