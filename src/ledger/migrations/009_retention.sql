-- Retention: history leaves by whole days, the oldest first, never a day that still holds a job that is live,
-- dead, or discarded a moment ago.

-- What was dropped so far, by why: age, count or bytes.
create table twolane.dropped (
  reason text primary key,
  days bigint not null default 0,
  jobs bigint not null default 0,
  bytes bigint not null default 0,
  last_at timestamptz
);
insert into twolane.dropped (reason) values ('age'), ('count'), ('bytes');

-- The days that are kept, with the size of their four partitions. Rows are PostgreSQL's own estimate: counting would take
-- longer the more there are.
create function twolane.kept_days() returns table (day date, jobs bigint, bytes bigint) language sql as $$
  select to_date(right(c.relname, 8), 'YYYYMMDD'),
    sum(case when p.relname <> 'jobs' then 0 when c.reltuples >= 0 then c.reltuples else coalesce(s.n_live_tup, 0) end)::bigint,
    sum(pg_total_relation_size(c.oid))::bigint
  from pg_inherits i join pg_class c on c.oid = i.inhrelid join pg_class p on p.oid = i.inhparent
  left join pg_stat_user_tables s on s.relid = c.oid
  where p.oid in ('twolane.jobs'::regclass, 'twolane.done'::regclass, 'twolane.attempts'::regclass, 'twolane.logs'::regclass)
    and c.relname ~ '_\d{8}$'
  group by 1 order by 1
$$;

create function twolane.first_id(day date) returns bigint language sql immutable as $$
  select twolane.id_at(day::timestamp at time zone 'UTC')
$$;

create function twolane.is_pinned(day date) returns boolean language plpgsql as $$
declare
  low bigint := twolane.first_id(day);
  high bigint := twolane.first_id(day + 1);
begin
  return exists (select from twolane.live where id >= low and id < high)
    or exists (select from twolane.dead where id >= low and id < high)
    or exists (select from twolane.discarded where id >= low and id < high);
end $$;

-- Drops the oldest day that is past its age, or that has to go so that jobs and bytes fit (null: no such limit). Today stays in
-- any case. Answers the day, or nothing; call it until it answers nothing.
create function twolane.drop_oldest(max_days int, max_jobs bigint, max_bytes bigint)
returns table (day date, reason text, jobs bigint, bytes bigint) language plpgsql as $$
#variable_conflict use_column
declare
  today date := (now() at time zone 'UTC')::date;
  all_jobs numeric;
  all_bytes numeric;
  part record;
  why text;
begin
  perform pg_advisory_xact_lock('twolane.jobs'::regclass::oid::int, 0);
  select sum(k.jobs), sum(k.bytes) into all_jobs, all_bytes from twolane.kept_days() k;
  for part in select * from twolane.kept_days() k where k.day < today loop
    why := case when part.day + 1 <= today - max_days then 'age' when all_jobs > max_jobs then 'count'
      when all_bytes > max_bytes then 'bytes' end;
    exit when why is null;
    continue when twolane.is_pinned(part.day);
    if twolane.drop_day(part.day) then
      update twolane.dropped d set days = d.days + 1, jobs = d.jobs + part.jobs, bytes = d.bytes + part.bytes,
        last_at = now() where d.reason = why;
      return query select part.day, why, part.jobs, part.bytes;
    end if;
    return;
  end loop;
end $$;

-- Drops the partitions of one day and lets its files go. False when somebody uses them right now (a long transaction, a dump):
-- waiting for the lock would make everybody else wait behind it.
create function twolane.drop_day(day date) returns boolean language plpgsql set lock_timeout = '500ms' as $$
declare
  suffix text := to_char(day, 'YYYYMMDD');
begin
  insert into twolane.loose_files (key, since)
    select payload_file ->> 'key', '-infinity'::timestamptz from twolane.jobs
    where payload_file is not null and id >= twolane.first_id(day) and id < twolane.first_id(day + 1)
    union all select result_file ->> 'key', '-infinity'::timestamptz from twolane.done
    where result_file is not null and id >= twolane.first_id(day) and id < twolane.first_id(day + 1)
    on conflict (key) do update set since = excluded.since;
  -- The parents first, like everybody who reads through them.
  execute format('lock table only twolane.jobs, only twolane.done, only twolane.attempts, only twolane.logs, twolane.jobs_%1$s,
    twolane.done_%1$s, twolane.attempts_%1$s, twolane.logs_%1$s in access exclusive mode', suffix);
  -- Looked at again under the lock: whoever wrote here in the meantime has committed.
  if twolane.is_pinned(day) then raise lock_not_available; end if;
  execute format('drop table twolane.jobs_%1$s, twolane.done_%1$s, twolane.attempts_%1$s, twolane.logs_%1$s', suffix);
  return true;
exception when lock_not_available then
  return false;
end $$;
