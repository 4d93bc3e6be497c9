-- Flows: jobs (parents) that wait for others (children), an edge in `waits` each. A child of a flow has the smaller id, and of
-- a key the smaller id goes first as well, so no two jobs can ever wait for each other; see `settle_waits` for children that
-- a job enqueues while it runs. Rows are locked in the order of ids, before anything is changed.

create function twolane.parents_of(children bigint[]) returns bigint[] language sql stable as $$
  select array(select distinct parent_id from twolane.waits where child_id = any(children))
$$;

-- All that an end of these jobs can change: those that wait for them, and what only those wait for, as far as it goes.
create function twolane.family(ids bigint[]) returns bigint[] language sql stable set enable_seqscan = off as $$
  with recursive reached(id) as (
    select unnest(ids)
    union
    select n.id from reached r cross join lateral (
      select w.parent_id as id from twolane.waits w where w.child_id = r.id
      union all
      select w.child_id from twolane.waits w where w.parent_id = r.id and w.owned
    ) n
  )
  select array_agg(id) from reached
$$;

-- Before a cancel or a death: the keys of the family, then its rows.
create function twolane.lock_family(ids bigint[]) returns void language plpgsql as $$
declare
  family bigint[] := twolane.family(ids);
begin
  perform twolane.lock_keys(array(select key from twolane.live where id = any(family) and key is not null));
  perform from twolane.live where id = any(family) order by id for update;
end $$;

-- Before a success: nothing ends but these, so their parents are enough.
create function twolane.lock_with_parents(ids bigint[]) returns void language sql as $$
  select from twolane.live where id = any(ids || twolane.parents_of(ids))
  order by id for update
$$;

-- Locks the jobs that new ones wait for, so that none can end unseen, and answers those that are under way or dead. A job
-- that was on its way between two tables at the first look is found at the next.
create function twolane.lock_children(wanted bigint[]) returns bigint[] language plpgsql as $$
declare
  found_ids bigint[];
begin
  for look in 1..100 loop
    found_ids := array(select id from twolane.live where id = any(wanted) order by id for update);
    found_ids := found_ids || array(select id from twolane.dead where id = any(wanted) order by id for update);
    if not exists (select from twolane.jobs j where j.id = any(wanted) and j.id <> all(found_ids)
      and not exists (select from twolane.done d where d.id = j.id)) then return found_ids; end if;
  end loop;
  raise exception 'A job to wait for is in no state: one of %', wanted;
end $$;

-- New jobs that wait for others: blocked while any is unfinished, free when all have ended well, cancelled when one can't.
create function twolane.place_parents(asked twolane.asked_job[]) returns void language plpgsql
set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_nestloop = on set enable_mergejoin = off as $$
#variable_conflict use_column
declare
  linked bigint[];
  placed bigint[];
  doomed bigint[];
begin
  perform twolane.lock_children(array(select distinct c from unnest(asked) a, unnest(a.waits_for) c));
  with edges as (
    select distinct a.id as parent_id, c as child_id, coalesce(a.rule, 'block') as rule, coalesce(a.owned, false) as owned
    from unnest(asked) a, unnest(a.waits_for) c
  ), seen as (
    select e.*, l.id is not null or (x.id is not null and e.rule = 'block') as pending,
      e.rule <> 'continue' and (coalesce(d.state = 'cancelled', false) or (x.id is not null and e.rule = 'cancel')) as fatal
    from edges e
    left join twolane.live l on l.id = e.child_id
    left join twolane.dead x on x.id = e.child_id
    left join twolane.done d on d.id = e.child_id
  ), links as (
    insert into twolane.waits (child_id, parent_id, rule, owned)
      select child_id, parent_id, rule, owned from seen where pending returning child_id
  ), parents as (
    select parent_id, count(*) filter (where pending) as n, bool_or(fatal) as fatal from seen group by parent_id
  ), counted as (
    update twolane.live l set blockers = p.n, reason = 'waits for other jobs' from parents p where l.id = p.parent_id
    returning l.id, p.fatal
  )
  select array(select child_id from links), array_agg(id), array_agg(id) filter (where fatal) into linked, placed, doomed
    from counted;
  update twolane.live set awaited = true where id = any(linked) and not awaited;
  update twolane.dead set awaited = true where id = any(linked);
  if found then perform twolane.note_blockers(placed); end if;
  perform twolane.cancel(doomed, 'a job it waits for can not succeed any more');
  perform twolane.unblock(array(select id from twolane.live where id = any(placed) and blockers = 0), false);
end $$;

-- Says on blocked jobs what keeps them so: a child that is dead or can still be brought back, or just others. The lock comes
-- first, so that of two that write together the second sees what the first did.
create function twolane.note_blockers(parents bigint[]) returns void language plpgsql as $$
begin
  perform from twolane.live where id = any(parents) order by id for update;
  update twolane.live l set reason = coalesce(
    (select 'waits for job ' || x.id || ', which is dead: retry it or discard it'
      from twolane.waits w join twolane.dead x on x.id = w.child_id where w.parent_id = l.id order by x.id limit 1),
    (select 'waits for job ' || x.id || ', which was discarded and can be restored until ' || to_char(x.expires_at, 'HH24:MI:SS TZ')
      from twolane.waits w join twolane.discarded x on x.id = w.child_id where w.parent_id = l.id order by x.id limit 1),
    'waits for other jobs')
  where l.id = any(parents) and l.state = 'blocked';
end $$;

-- Lets jobs go that wait for nothing any more. `direct`: the caller publishes those that are answered.
create function twolane.unblock(ids bigint[], direct boolean) returns setof twolane.envelope language sql as $$
  with next as (
    select l.id, case when l.due_at > now() then 'scheduled'
      when direct and l.key is null and l.limit_key is null and not (q.paused or q.held)
        and not ((select exists (select from twolane.lots where closed)) and twolane.is_stopped(l.queue, l.type, l.version, l.key))
        then 'queued' else 'waiting' end as state
    from twolane.live l join twolane.queues q on q.queue = l.queue
    where l.id = any(ids) and l.state = 'blocked' order by l.id for update of l
  ), freed as (
    update twolane.live l set blockers = 0, reason = null, state = n.state,
      waiting = n.state = 'waiting' and l.limit_key is null,
      in_line = case when n.state = 'waiting' and l.limit_key is not null then 1 end, rank = coalesce(t.rank, l.rank),
      due_at = case when n.state = 'scheduled' then l.due_at end, ready_at = now(),
      dispatched_at = case when n.state = 'queued' then clock_timestamp() end
    from next n left join twolane.turns(ids) t on t.id = n.id and n.state = 'waiting' where l.id = n.id returning l.*
  )
  select id, queue, type, version, fence, crashes from freed where state = 'queued'
$$;

-- Jobs have ended: succeeded, dead or cancelled (`how`). Frees the parents that wait for nothing else, and cancels those
-- that can't run any more with what was theirs alone and has not started, level by level. Answers as `unblock` does.
create function twolane.tell_parents(children bigint[], how text, direct boolean) returns setof twolane.envelope language plpgsql
set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_nestloop = on set enable_mergejoin = off as $$
#variable_conflict use_column
declare
  ended bigint[] := children;
  freed bigint[] := '{}';
  parents bigint[];
  above bigint[];
  below bigint[];
begin
  loop
    parents := twolane.parents_of(ended);
    -- A parent that waits for what it has enqueued has the smaller id. It is locked already, unless its wait began in between:
    -- then nobody is waited for against the order of ids, and the caller begins anew.
    perform from twolane.live l where l.id = any(parents) and l.id < (select max(e) from unnest(ended) e)
      order by l.id for update nowait;
    perform from twolane.live l where l.id = any(parents) order by l.id for update;
    with resolved as (
      delete from twolane.waits w where w.child_id = any(ended) and (how <> 'dead' or w.rule <> 'block')
      returning w.parent_id, how <> 'succeeded' and w.rule <> 'continue' as fatal
    ), counted as (
      update twolane.live l set blockers = l.blockers - r.n
      from (select parent_id, count(*) as n, bool_or(fatal) as fatal from resolved group by parent_id) r
      where l.id = r.parent_id returning l.id, l.blockers, r.fatal
    )
    select coalesce(array_agg(id) filter (where fatal), '{}'),
      freed || coalesce(array_agg(id) filter (where blockers = 0 and not fatal), '{}') into above, freed from counted;
    if how <> 'succeeded' then perform twolane.note_blockers(parents); end if;
    below := case when how = 'cancelled' then twolane.disown(ended) else '{}' end;
    exit when cardinality(above || below) = 0;
    ended := twolane.end_cancelled(above, case how when 'dead' then 'a job it waits for is dead' else 'a job it waits for was cancelled' end)
      || twolane.end_cancelled(below, 'the job that waits for it was cancelled');
    how := 'cancelled';
  end loop;
  return query select * from twolane.unblock(freed, direct);
end $$;

-- Parents were cancelled: unlinks their children and answers those that nobody else waits for and that do not run.
create function twolane.disown(parents bigint[]) returns bigint[] language plpgsql as $$
declare
  orphans bigint[];
begin
  with unlinked as (
    delete from twolane.waits w where w.parent_id = any(parents) returning w.child_id, w.owned
  )
  select array_agg(child_id) filter (where owned) into orphans from unlinked;
  return array(select l.id from twolane.live l where l.id = any(orphans) and l.state <> 'running'
    and not exists (select from twolane.waits w where w.child_id = l.id) order by l.id for update);
end $$;

-- Writes all jobs of a flow, whose last one gives it its id. A key that led to an earlier flow answers that one's jobs.
create function twolane.enqueue_flow(items json, direct boolean, shard int, flow_key text, of_tenant text)
returns table (id bigint, state text, deduplicated boolean, type text, queue text) language plpgsql as $$
#variable_conflict use_column
declare
  flow bigint;
  ids bigint[];
  states text[];
begin
  if flow_key is not null then
    -- The kind tells it from the keys of jobs.
    delete from twolane.job_keys k where k.key = flow_key and k.type = '' and k.tenant = of_tenant and k.kind = 'flow'
      and k.expires_at < now();
    insert into twolane.job_keys (kind, type, tenant, key, id, expires_at)
      values ('flow', '', of_tenant, flow_key, 0, now() + interval '24 hours') on conflict do nothing;
    if not found then
      flow := (select k.id from twolane.job_keys k where k.key = flow_key and k.type = '' and k.tenant = of_tenant and k.kind = 'flow');
      return query select j.id, twolane.state_of(j.id), true, j.type, j.queue from twolane.jobs j where j.flow_id = flow order by j.id;
      return;
    end if;
  end if;
  select array_agg(e.id order by e.id), array_agg(e.state order by e.id) into ids, states
    from twolane.enqueue(items, direct, shard) e;
  update twolane.job_keys k set id = ids[cardinality(ids)]
    where k.key = flow_key and k.type = '' and k.tenant = of_tenant and k.kind = 'flow';
  return query select j.id, states[array_position(ids, j.id)], false, j.type, j.queue from twolane.jobs j
    where j.id = any(ids) order by j.id;
end $$;

-- The jobs that one waited for, nearest last where `deep` asks for those before them too.
create function twolane.children(job bigint, deep boolean) returns setof bigint language sql stable as $$
  with recursive reached(id, step, place) as (
    select c, 1, place from twolane.jobs j, unnest(j.waits_for) with ordinality w(c, place) where j.id = job
    union
    select c, r.step + 1, w.place from reached r join twolane.jobs j on j.id = r.id, unnest(j.waits_for) with ordinality w(c, place)
    -- Of a job that ended before its own parent waited for it, a history may go in a circle.
    where deep and r.step < 10000
  )
  select id from (select id, max(step) as step, min(place) as place from reached group by id) r order by step desc, place, id
$$;
