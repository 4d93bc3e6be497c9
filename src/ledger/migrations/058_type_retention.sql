-- Job types whose finished jobs are forgotten sooner than the days that hold them: from then on nobody is shown them, their
-- files are let go, and their rows leave with their day. Rows of history are never deleted one by one.
create table twolane.type_retention (
  type text primary key,
  -- Since its end, and beyond so many of the type; null for no such limit.
  ms bigint,
  count int,
  -- Finished jobs below this id are too many.
  too_many_below bigint not null default 0,
  -- All jobs of the type below this id are forgotten. It spares whoever looks for the others.
  forgotten_below bigint not null default 0,
  check (ms is not null or count is not null)
);

-- Whether a job that ended then (null: it has not) is to be shown no more.
create function twolane.is_forgotten(of_type text, job bigint, ended_at timestamptz) returns boolean language sql stable as $$
  select ended_at is not null and exists (select from twolane.type_retention r where r.type = of_type
    and (job < r.too_many_below or ended_at < now() - r.ms * interval '1 ms'))
$$;

-- For lists, of few jobs: types that forget nothing cost no look at how the job ended.
create function twolane.is_shown(job bigint, of_type text) returns boolean language plpgsql stable as $$
begin
  if not exists (select from twolane.type_retention r where r.type = of_type) then return true; end if;
  return not twolane.is_forgotten(of_type, job, (select d.finished_at from twolane.done d where d.id = job));
end $$;

-- One step for a type: what is too many by now, and how far from the oldest on all are forgotten, `most` jobs at a time. Their
-- files are loose. Answers whether there is more to do; a job that is live, dead or may be dead again is as far as it goes.
create function twolane.forget(of_type text, most int) returns boolean language plpgsql
set jit = off set enable_seqscan = off set enable_bitmapscan = off set enable_sort = off as $$
declare
  r twolane.type_retention;
  ids bigint[];
  stays bigint;
begin
  select * into r from twolane.type_retention where type = of_type for update skip locked;
  if not found then return false; end if;
  if r.count is not null then
    r.too_many_below := greatest(r.too_many_below, coalesce(
      (select j.id from twolane.jobs j where j.type = of_type order by j.id desc offset r.count - 1 limit 1), 0));
    update twolane.type_retention set too_many_below = r.too_many_below where type = of_type;
  end if;
  ids := array(select j.id from twolane.jobs j where j.type = of_type and j.id >= r.forgotten_below order by j.id limit most);
  if cardinality(ids) = 0 then return false; end if;
  stays := (select min(i) from unnest(ids) i left join twolane.done d on d.id = i
      and d.id between ids[1] and ids[cardinality(ids)]
    where d.id is null or not twolane.is_forgotten(of_type, i, d.finished_at)
      or exists (select from twolane.discarded u where u.id = i));
  insert into twolane.loose_files (key, since)
    select f.key, '-infinity'::timestamptz from (
      select j.payload_file ->> 'key' as key from twolane.jobs j where j.id = any(ids) and j.payload_file is not null
        and j.id between ids[1] and ids[cardinality(ids)] and j.id < coalesce(stays, j.id + 1)
      union all
      select d.result_file ->> 'key' from twolane.done d where d.id = any(ids) and d.result_file is not null
        and d.id between ids[1] and ids[cardinality(ids)] and d.id < coalesce(stays, d.id + 1)
    ) f
    on conflict (key) do nothing;
  update twolane.type_retention set forgotten_below = coalesce(stays, ids[cardinality(ids)] + 1) where type = of_type;
  return stays is null and cardinality(ids) = most;
end $$;
