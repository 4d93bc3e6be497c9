-- Enqueue with more than the plain path knows: idempotency keys, throttle, debounce and keep-last. `extra` of an asked job is
-- {once: {key, ms, digest}, throttle: {key, ms}, debounce: {key, ms, max_ms}, keep_last: true, file: {key, bytes, sha256}}, each
-- part where it was asked for.
-- Locks are taken in one order: keys of keep-last, rows of job_keys, rows of live.

-- Registers the keys of one kind; a key that is taken keeps its job until it expires. Answers whose job each asked one is.
create function twolane.take_keys(of_kind text, asked twolane.asked_job[]) returns table (ord int, id bigint, digest text)
language plpgsql set jit = off set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_nestloop = off set enable_mergejoin = off as $$
#variable_conflict use_column
declare
  at timestamptz := clock_timestamp();
  keys text[] := array(select distinct a.extra -> of_kind ->> 'key' from unnest(asked) a where a.extra -> of_kind is not null);
begin
  if cardinality(keys) = 0 then return; end if;
  with used as (
    -- A key in use needs no lock.
    select k.key, k.type, k.tenant from twolane.job_keys k where k.key = any(keys) and k.kind = of_kind and k.expires_at > at
  ), wanted as (
    select a.ord, a.id, a.type, a.tenant, a.extra -> of_kind ->> 'key' as key, (a.extra -> of_kind ->> 'ms')::bigint as ms,
      a.extra -> of_kind ->> 'digest' as digest
    from unnest(asked) a where a.extra -> of_kind is not null
  )
  insert into twolane.job_keys as held (kind, type, tenant, key, id, expires_at, digest)
    select distinct on (w.key, w.type, w.tenant) of_kind, w.type, w.tenant, w.key, w.id, at + w.ms * interval '1 ms', w.digest
    from wanted w left join used u on u.key = w.key and u.type = w.type and u.tenant = w.tenant
    where u.key is null
    order by w.key, w.type, w.tenant, w.ord
    on conflict (key, type, tenant, kind) do update
      set id = excluded.id, expires_at = excluded.expires_at, digest = excluded.digest where held.expires_at <= at;
  return query select a.ord, k.id, k.digest from unnest(asked) a
    join twolane.job_keys k on k.key = a.extra -> of_kind ->> 'key' and k.type = a.type and k.tenant = a.tenant
    where k.key = any(keys) and k.kind = of_kind;
end $$;

-- Lets each asked job take the place of the one of its key that still waits for its time: payload and metadata are the
-- newest, the start moves out, never beyond `latest_at`. A key without such a job begins anew with the newest asked one.
-- Answers whose job each asked one is, and whether it changed one that others asked for.
create function twolane.debounce(asked twolane.asked_job[]) returns table (ord int, id bigint, merged boolean)
language plpgsql set jit = off set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_nestloop = off set enable_mergejoin = off as $$
#variable_conflict use_column
declare
  at timestamptz := clock_timestamp();
  keys text[] := array(select distinct a.extra -> 'debounce' ->> 'key' from unnest(asked) a);
  newest twolane.asked_job[];
  held bigint[];
  open bigint[];
begin
  newest := array(select distinct on (a.extra -> 'debounce' ->> 'key', a.type, a.tenant) a from unnest(asked) a
    order by a.extra -> 'debounce' ->> 'key', a.type, a.tenant, a.ord desc);
  insert into twolane.job_keys (kind, type, tenant, key, id, expires_at)
    select 'debounce', a.type, a.tenant, a.extra -> 'debounce' ->> 'key', 0, at from unnest(newest) a on conflict do nothing;
  held := array(select k.id from twolane.job_keys k
    join unnest(newest) a on a.extra -> 'debounce' ->> 'key' = k.key and a.type = k.type and a.tenant = k.tenant
    where k.key = any(keys) and k.kind = 'debounce' order by k.key, k.type, k.tenant for update of k);
  open := array(select l.id from twolane.live l
    where l.id = any(held) and l.state = 'scheduled' and l.due_at > at and l.attempt = 0 order by l.id for update);
  update twolane.job_keys k set
    id = case when k.id = any(open) then k.id else a.id end,
    latest_at = case when k.id = any(open) then k.latest_at else at + (a.extra -> 'debounce' ->> 'max_ms')::bigint * interval '1 ms' end,
    expires_at = least(at + (a.extra -> 'debounce' ->> 'ms')::bigint * interval '1 ms',
      case when k.id = any(open) then k.latest_at end)
  from unnest(newest) a
  where k.key = any(keys) and k.kind = 'debounce' and k.key = a.extra -> 'debounce' ->> 'key' and k.type = a.type
    and k.tenant = a.tenant;
  if cardinality(open) > 0 then perform twolane.merge_debounced(newest, keys, open); end if;
  return query select a.ord, k.id, k.id = any(open) or row_number() over (partition by k.id order by a.ord) > 1
    from unnest(asked) a join twolane.job_keys k on k.key = a.extra -> 'debounce' ->> 'key' and k.type = a.type and k.tenant = a.tenant
    where k.key = any(keys) and k.kind = 'debounce';
end $$;

create function twolane.merge_debounced(newest twolane.asked_job[], keys text[], open bigint[]) returns void language plpgsql
set jit = off set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_nestloop = off set enable_mergejoin = off as $$
declare
  least_id bigint := (select min(i) from unnest(open) i);
  greatest_id bigint := (select max(i) from unnest(open) i);
begin
  insert into twolane.loose_files (key) select j.payload_file ->> 'key' from twolane.jobs j
    where j.id = any(open) and j.id between least_id and greatest_id and j.payload_file is not null;
  perform twolane.hold_files(array(select a.extra -> 'file' ->> 'key' from unnest(newest) a
    join twolane.job_keys k on k.key = a.extra -> 'debounce' ->> 'key' and k.type = a.type and k.tenant = a.tenant
    where k.key = any(keys) and k.kind = 'debounce' and k.id = any(open) and a.extra -> 'file' is not null));
  with merged as (
    select k.id, k.expires_at, a.version, a.payload, (a.extra -> 'file')::jsonb as file, a.metadata, a.owner, a.traceparent
    from unnest(newest) a
    join twolane.job_keys k on k.key = a.extra -> 'debounce' ->> 'key' and k.type = a.type and k.tenant = a.tenant
    where k.key = any(keys) and k.kind = 'debounce' and k.id = any(open)
  ), later as (
    update twolane.live l set due_at = m.expires_at, version = m.version from merged m where l.id = m.id and l.id = any(open)
  )
  update twolane.jobs j set version = m.version, payload_file = m.file,
    payload = case when m.file is null then coalesce(m.payload, 'null') end, metadata = m.metadata, owner = m.owner,
    traceparent = m.traceparent
  from merged m where j.id = m.id and j.id = any(open) and j.id between least_id and greatest_id;
end $$;

-- Idempotency keys of jobs that were not made lead to those that stand for them.
create function twolane.follow_keys(unmade twolane.asked_job[], target bigint[]) returns void language plpgsql
set jit = off set enable_seqscan = off set enable_nestloop = off set enable_mergejoin = off as $$
declare
  keys text[] := array(select a.extra -> 'once' ->> 'key' from unnest(unmade) a);
begin
  if cardinality(keys) = 0 then return; end if;
  update twolane.job_keys k set id = target[a.ord] from unnest(unmade) a
    where k.key = any(keys) and k.kind = 'once' and k.id = a.id;
end $$;

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
returns table (id bigint, state text, note text) language plpgsql
set jit = off set enable_seqscan = off set enable_nestloop = off set enable_mergejoin = off as $$
#variable_conflict use_column
declare
  own bigint[] := array(select a.id from unnest(asked) a order by a.ord);
  target bigint[] := own;
  marks int[] := array_fill(0, array[cardinality(own)]);
  rest twolane.asked_job[];
  emptied text[] := '{}';
  states text[];
  earlier bigint[];
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
  perform twolane.follow_keys(array(select a from unnest(asked) a where target[a.ord] <> a.id and marks[a.ord] in (0, 1, 3)
    and a.extra -> 'once' is not null), target);
  target := array(select target[coalesce(f.ord, a.ord)] from unnest(asked) a left join unnest(asked) f
    on f.id = target[a.ord] order by a.ord);

  rest := array(select a from unnest(asked) a where target[a.ord] = a.id and a.extra -> 'keep_last' is not null);
  if cardinality(rest) > 0 then emptied := twolane.replace_waiting(rest); end if;
  perform twolane.hold_files(array(select a.extra -> 'file' ->> 'key' from unnest(asked) a
    where a.extra -> 'file' is not null and target[a.ord] = a.id));
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
  earlier := array(select distinct target[a.ord] from unnest(asked) a where states[a.ord] is null);
  return query select target[a.ord], coalesce(states[a.ord], s.state, 'cancelled'),
      (array['deduplicated', 'differs', 'merged', 'replaced'])[marks[a.ord]]
    from unnest(asked) a left join twolane.states_of(earlier) s on s.id = target[a.ord]
    order by a.ord;
end $$;

-- What has become of jobs; one that retention dropped is not answered.
create function twolane.states_of(ids bigint[]) returns table (id bigint, state text) language plpgsql stable
set jit = off set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
#variable_conflict use_column
declare
  least_id bigint := (select min(i) from unnest(ids) i);
  greatest_id bigint := (select max(i) from unnest(ids) i);
begin
  if cardinality(ids) = 0 then return; end if;
  return query select l.id, l.state from twolane.live l where l.id = any(ids)
    union all select d.id, d.state from twolane.done d where d.id = any(ids) and d.id between least_id and greatest_id
    union all select x.id, 'dead' from twolane.dead x where x.id = any(ids);
end $$;

create function twolane.state_of(job bigint) returns text language sql stable as $$
  select coalesce((select s.state from twolane.states_of(array[job]) s), 'cancelled')
$$;
