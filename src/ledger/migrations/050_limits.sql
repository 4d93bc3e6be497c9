-- Limits: how many jobs of a type or key may be under way or start in a time. A slot is a fact, not a counter: a limited
-- job holds one while it is in the outbox, released or running, so every way out of these gives it back.

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

-- What a job with this type and key waits for: its place in a strict order (key), and its limits (limit_key).
create function twolane.limited_by(of_type text, of_key text, out ordered_key text, out limit_key text) language sql stable as $$
  select case when l.key_concurrency is null then of_key end,
    case when l.concurrency is not null or l.rate_count is not null then coalesce(of_key, '')
      when l.key_concurrency is not null or l.key_rate_count is not null then of_key end
  from (select 1) one left join twolane.limits l on l.type = of_type
$$;

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
