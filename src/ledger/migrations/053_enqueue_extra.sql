-- Enqueue with more than the plain path knows: idempotency keys, throttle, debounce and keep-last. `extra` of an asked job is
-- {once: {key, ms, digest}, throttle: {key, ms}, debounce: {key, ms, max_ms}, keep_last: true}, each part where it was asked for.
-- Locks are taken in one order: keys of keep-last, rows of job_keys, rows of live.

-- Registers the keys of one kind; a key that is taken keeps its job until it expires. Answers whose job each asked one is.
create function twolane.take_keys(of_kind text, asked twolane.asked_job[]) returns table (ord int, id bigint, digest text)
language plpgsql set jit = off set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_mergejoin = off as $$
#variable_conflict use_column
declare
  at timestamptz := clock_timestamp();
begin
  insert into twolane.job_keys as held (kind, type, tenant, key, id, expires_at, digest)
    select distinct on (w.key, w.type, w.tenant) of_kind, w.type, w.tenant, w.key, w.id, at + w.ms * interval '1 ms', w.digest
    from (select a.ord, a.id, a.type, a.tenant, x.* from unnest(asked) a,
      json_to_record(a.extra -> of_kind) as x(key text, ms bigint, digest text) where a.extra -> of_kind is not null) w
    -- A key in use needs no lock.
    where not exists (select from twolane.job_keys k where k.key = w.key and k.type = w.type and k.tenant = w.tenant
      and k.kind = of_kind and k.expires_at > at)
    order by w.key, w.type, w.tenant, w.ord
    on conflict (key, type, tenant, kind) do update
      set id = excluded.id, expires_at = excluded.expires_at, digest = excluded.digest where held.expires_at <= at;
  return query select a.ord, k.id, k.digest from unnest(asked) a
    join twolane.job_keys k on k.key = a.extra -> of_kind ->> 'key' and k.type = a.type and k.tenant = a.tenant and k.kind = of_kind
    where a.extra -> of_kind is not null;
end $$;

-- Lets each asked job take the place of the one of its key that still waits for its time: payload and metadata are the
-- newest, the start moves out, never beyond `latest_at`. A key without such a job begins anew with the newest asked one.
-- Answers whose job each asked one is, and whether it changed one that others asked for.
create function twolane.debounce(asked twolane.asked_job[]) returns table (ord int, id bigint, merged boolean)
language plpgsql set jit = off set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_mergejoin = off as $$
#variable_conflict use_column
declare
  at timestamptz := clock_timestamp();
  newest twolane.asked_job[];
  open bigint[];
begin
  newest := array(select distinct on (a.extra -> 'debounce' ->> 'key', a.type, a.tenant) a from unnest(asked) a
    order by a.extra -> 'debounce' ->> 'key', a.type, a.tenant, a.ord desc);
  insert into twolane.job_keys (kind, type, tenant, key, id, expires_at)
    select 'debounce', a.type, a.tenant, a.extra -> 'debounce' ->> 'key', 0, at from unnest(newest) a on conflict do nothing;
  perform from unnest(newest) a
    join twolane.job_keys k on k.key = a.extra -> 'debounce' ->> 'key' and k.type = a.type and k.tenant = a.tenant
      and k.kind = 'debounce'
    order by k.key, k.type, k.tenant for update of k;
  open := array(select l.id from twolane.live l where l.state = 'scheduled' and l.attempt = 0 and l.id in (
      select k.id from unnest(newest) a join twolane.job_keys k on k.key = a.extra -> 'debounce' ->> 'key' and k.type = a.type
        and k.tenant = a.tenant and k.kind = 'debounce' where k.expires_at > at)
    order by l.id for update);

  update twolane.job_keys k set
    id = case when k.id = any(open) then k.id else a.id end,
    latest_at = case when k.id = any(open) then k.latest_at else at + x.max_ms * interval '1 ms' end,
    expires_at = least(at + x.ms * interval '1 ms',
      case when k.id = any(open) then k.latest_at else at + x.max_ms * interval '1 ms' end)
  from unnest(newest) a, json_to_record(a.extra -> 'debounce') as x(key text, ms bigint, max_ms bigint)
  where k.key = x.key and k.type = a.type and k.tenant = a.tenant and k.kind = 'debounce';
  if cardinality(open) > 0 then perform twolane.merge_debounced(newest, open); end if;
  return query select a.ord, k.id, k.id = any(open) or row_number() over (partition by k.id order by a.ord) > 1
    from unnest(asked) a join twolane.job_keys k on k.key = a.extra -> 'debounce' ->> 'key' and k.type = a.type
      and k.tenant = a.tenant and k.kind = 'debounce';
end $$;

create function twolane.merge_debounced(newest twolane.asked_job[], open bigint[]) returns void language sql
set jit = off set enable_seqscan = off set enable_mergejoin = off as $$
  with merged as (
    select k.id, k.expires_at, a.version, a.payload, a.metadata, a.owner, a.traceparent
    from unnest(newest) a join twolane.job_keys k on k.key = a.extra -> 'debounce' ->> 'key' and k.type = a.type
      and k.tenant = a.tenant and k.kind = 'debounce'
    where k.id = any(open)
  ), later as (
    update twolane.live l set due_at = m.expires_at, version = m.version from merged m where l.id = m.id
  )
  update twolane.jobs j set version = m.version, payload = m.payload, metadata = m.metadata, owner = m.owner,
    traceparent = m.traceparent
  from merged m where j.id = m.id and j.id = any(open)
$$;

-- Cancels what waits of the keys of these jobs; what runs goes on. Call it with the keys locked. Answers the keys it emptied.
create function twolane.replace_waiting(newest twolane.asked_job[]) returns text[] language plpgsql
set jit = off set enable_seqscan = off as $$
declare
  old bigint[];
  keys text[];
begin
  old := array(select l.id from twolane.live l
    where l.key = any(array(select a.key from unnest(newest) a)) and l.state <> 'running'
      and (l.key, l.type, l.tenant) in (select a.key, a.type, a.tenant from unnest(newest) a)
    order by l.id for update);
  if cardinality(old) = 0 then return '{}'; end if;
  keys := array(select distinct l.key from twolane.live l where l.id = any(old));
  perform twolane.cancel(old, 'replaced');
  return keys;
end $$;

-- Within one batch too only the newest of a key stays: `rest` are the new jobs that ask for it, `emptied` the keys from which
-- earlier jobs were taken.
create function twolane.keep_newest(asked twolane.asked_job[], rest twolane.asked_job[], emptied text[])
returns table (ord int, replaced boolean, replaces boolean) language plpgsql as $$
#variable_conflict use_column
declare
  late bigint[];
begin
  late := array(select a.id from unnest(asked) a
    join (select key, type, tenant, max(ord) as newest from unnest(rest) r group by 1, 2, 3) g
      on g.key = a.key and g.type = a.type and g.tenant = a.tenant
    where a.ord < g.newest);
  if cardinality(late) > 0 then perform twolane.cancel(late, 'replaced'); end if;
  return query select a.ord, a.id = any(late),
      a.key = any(emptied) or a.ord > min(a.ord) over (partition by a.key, a.type, a.tenant)
    from unnest(rest) a;
end $$;

-- Marks: 1 an earlier job answers, 2 the same with another payload, 3 merged into an earlier job, 4 took an earlier job's place.
create function twolane.enqueue_extra(asked twolane.asked_job[], direct boolean)
returns table (id bigint, state text, note text) language plpgsql as $$
#variable_conflict use_column
declare
  own bigint[] := array(select a.id from unnest(asked) a order by a.ord);
  target bigint[] := own;
  marks int[] := array_fill(0, array[cardinality(own)]);
  rest twolane.asked_job[];
  emptied text[] := '{}';
  states text[];
  r record;
begin
  perform twolane.lock_keys(array(select a.key from unnest(asked) a where a.extra -> 'keep_last' is not null));
  for r in select t.*, a.extra -> 'once' ->> 'digest' as mine from twolane.take_keys('once', asked) t
      join unnest(asked) a on a.ord = t.ord where t.id <> a.id loop
    target[r.ord] := r.id;
    marks[r.ord] := case when r.digest = r.mine then 1 else 2 end;
  end loop;
  rest := array(select a from unnest(asked) a where target[a.ord] = a.id and a.extra -> 'throttle' is not null);
  if cardinality(rest) > 0 then
    for r in select * from twolane.take_keys('throttle', rest) t where t.id <> own[t.ord] loop
      target[r.ord] := r.id;
      marks[r.ord] := 1;
    end loop;
  end if;
  rest := array(select a from unnest(asked) a where target[a.ord] = a.id and a.extra -> 'debounce' is not null);
  if cardinality(rest) > 0 then
    for r in select * from twolane.debounce(rest) loop
      target[r.ord] := r.id;
      marks[r.ord] := case when r.merged then 3 else 0 end;
    end loop;
  end if;
  -- A key that is remembered must not lead to a job that was never made.
  update twolane.job_keys k set id = target[a.ord] from unnest(asked) a
    where target[a.ord] <> a.id and k.id = a.id and k.kind = 'once' and k.key = a.extra -> 'once' ->> 'key' and k.type = a.type
      and k.tenant = a.tenant;
  target := array(select target[coalesce(f.ord, a.ord)] from unnest(asked) a left join unnest(asked) f
    on f.id = target[a.ord] order by a.ord);

  rest := array(select a from unnest(asked) a where target[a.ord] = a.id and a.extra -> 'keep_last' is not null);
  if cardinality(rest) > 0 then emptied := twolane.replace_waiting(rest); end if;
  for r in select i.ord, i.state from twolane.insert_jobs(
      array(select a from unnest(asked) a where target[a.ord] = a.id), direct) i loop
    states[r.ord] := r.state;
  end loop;
  if cardinality(rest) > 0 then
    for r in select * from twolane.keep_newest(asked, rest, emptied) loop
      if r.replaced then states[r.ord] := 'cancelled'; end if;
      if r.replaces and target[r.ord] = own[r.ord] then marks[r.ord] := 4; end if;
    end loop;
  end if;
  return query select target[a.ord], coalesce(states[a.ord], twolane.state_of(target[a.ord])),
      (array['deduplicated', 'differs', 'merged', 'replaced'])[marks[a.ord]]
    from unnest(asked) a order by a.ord;
end $$;

create function twolane.state_of(job bigint) returns text language sql stable as $$
  select coalesce((select state from twolane.live where id = job), (select state from twolane.done where id = job),
    (select 'dead' from twolane.dead where id = job), 'cancelled')
$$;
