-- Jobs that wait for jobs which they enqueued while they ran. Such a child has the larger id, so here alone a circle could
-- close: nobody waits for a job before it is written, hence only the moment in which a job that exists begins to wait counts.

-- Jobs of a key that others wait for, which is as far as a look for a circle goes.
create index live_awaited_keys on twolane.live (key, id) where key is not null and awaited;

-- Whether one of the children can only start after the parent: it waits for it, or stands behind it in the order of a key,
-- or something between them does. Where more than 10,000 jobs depend on the parent, nobody looks further and it is assumed.
create function twolane.closes_circle(parent bigint, children bigint[]) returns boolean language plpgsql stable
set jit = off set enable_seqscan = off as $$
declare
  most constant int := 10000;
  dependents bigint[];
begin
  if not exists (select from twolane.live l where l.id = parent and (l.awaited or l.key is not null)) then
    return parent = any(children);
  end if;
  dependents := array(
    with recursive above(id) as (
      select parent
      union
      select n.id from above a join twolane.live l on l.id = a.id cross join lateral (
        select w.parent_id as id from twolane.waits w where w.child_id = l.id
        union all
        select s.id from twolane.live s where s.key = l.key and s.id > l.id and s.key is not null and s.awaited
      ) n
    )
    select id from above limit most + 1);
  return cardinality(dependents) > most or exists (
    select from twolane.live c join twolane.live d on d.id = any(dependents)
    where c.id = any(children) and (c.id = d.id or (c.key = d.key and c.id > d.id)));
end $$;

-- Lets running jobs wait: no attempt is charged, their slots are free, `place_parents` says what they wait for.
create function twolane.begin_waits(asked twolane.asked_job[]) returns void language plpgsql
set jit = off set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
declare
  ids bigint[] := array(select a.id from unnest(asked) a);
begin
  if cardinality(ids) = 0 then return; end if;
  update twolane.live set state = 'blocked', waiting = false, dispatched_at = null, worker = null, attempt = attempt - 1
    where id = any(ids);
  perform twolane.free_heads(array(select key from twolane.live where id = any(ids) and key is not null));
  update twolane.jobs j set waits_for = coalesce(j.waits_for, '{}')
    || array(select c from unnest(a.waits_for) with ordinality w(c, place) where c <> all(coalesce(j.waits_for, '{}')) order by place)
  from unnest(asked) a
  where j.id = a.id and j.id = any(ids) and j.id between (select min(i) from unnest(ids) i) and (select max(i) from unnest(ids) i);
  perform twolane.place_parents(asked);
end $$;

-- Why a job must not wait for these children; null when it may. In vain: it has waited for all of them before and would only
-- come back again and again.
create function twolane.refusal_of_wait(a twolane.asked_job) returns text language sql stable as $$
  select case when twolane.closes_circle(a.id, a.waits_for) then 'circular_wait'
    when (select j.waits_for from twolane.jobs j where j.id = a.id) @> a.waits_for
      and not exists (select from twolane.live l where l.id = any(a.waits_for)) then 'wait_in_vain' end
$$;

-- Attempts that end in a wait for children: {id, fence, waits_for, rule, owned, refusals: {code: {error, fingerprint}}}. A wait
-- that is refused is the job's death, and a cancel that was asked for wins. Answers as `settle_others` does.
create function twolane.settle_waits(items json, worker_name text) returns table (id bigint, released json) language plpgsql
set jit = off set enable_seqscan = off as $$
#variable_conflict use_column
declare
  ids bigint[] := array(select (i ->> 'id')::bigint from json_array_elements(items) i);
  children bigint[] := array(select distinct c::bigint from json_array_elements(items) i, json_array_elements_text(i -> 'waits_for') c);
  simple twolane.asked_job[];
  r record;
  refusal text;
begin
  -- Of two that begin to wait at once the second sees what the first waits for.
  perform pg_advisory_xact_lock(1, 6);
  perform twolane.lock_family(ids || children);
  for r in
    select l.id, l.fence, l.cancel, i.item -> 'refusals' as refusals, json_populate_record(null::twolane.asked_job, i.item) as asked,
      l.awaited or l.key is not null as entangled
    from (select item, (item ->> 'id')::bigint as id, (item ->> 'fence')::int as fence from json_array_elements(items) item) i
    join twolane.live l on l.id = i.id and l.fence = i.fence and l.state = 'running' order by l.id
  loop
    refusal := twolane.refusal_of_wait(r.asked);
    if refusal is not null or r.cancel is not null then
      return query select * from twolane.settle_others(json_build_array(json_build_object('id', r.id, 'fence', r.fence,
        'kind', case when r.cancel is null then 'dead' else 'cancelled' end,
        'outcome', case when r.cancel is null then 'failed' else 'cancelled' end,
        'error', case when r.cancel is null then r.refusals -> refusal -> 'error' end,
        'fingerprint', r.refusals -> refusal ->> 'fingerprint')), worker_name);
      continue;
    end if;
    return query select r.id, null::json;
    -- What nobody waits for is in no circle: those begin to wait together.
    if r.entangled then perform twolane.begin_waits(array[r.asked]); else simple := simple || r.asked; end if;
  end loop;
  perform twolane.begin_waits(coalesce(simple, '{}'));
end $$;

-- For the patrol: a job may be written while another begins to wait, of one key and in the wrong order.
create function twolane.mend_circles(chunk bigint[]) returns void language plpgsql as $$
declare
  bad bigint[] := array(select l.id from twolane.live l where l.id = any(chunk) and l.state = 'blocked'
    and exists (select from twolane.waits w where w.parent_id = l.id and w.child_id > l.id)
    and twolane.closes_circle(l.id, array(select w.child_id from twolane.waits w where w.parent_id = l.id)));
begin
  if cardinality(bad) = 0 then return; end if;
  bad := twolane.seize(bad);
  perform twolane.note_repairs('circular_wait', bad, 'waited for a job that can only start after it; cancelled');
  perform twolane.cancel(bad, 'waited for a job that can only start after it');
end $$;
