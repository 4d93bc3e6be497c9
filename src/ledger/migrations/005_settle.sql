-- Settle: how a claimed job ended. Only the holder of the present fence is heard; everybody else's word changes nothing.

-- After jobs left `live`: the next of each key may go. It takes the place of the one that ended, so it goes at once even when
-- the queue's window is full; one that limits concern goes to the line of its type. Answers those that are `queued` now,
-- for the caller to publish.
create type twolane.envelope as (id bigint, queue text, type text, version int, fence int, crashes smallint);

create function twolane.release_keys(keys text[]) returns setof twolane.envelope language plpgsql
set jit = off set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_nestloop = on as $$
begin
  return query update twolane.live l set waiting = heads.stays and l.limit_key is null,
    in_line = case when l.limit_key is not null then 1 end,
    state = case when heads.stays or l.limit_key is not null then 'waiting' else 'queued' end,
    dispatched_at = case when not heads.stays and l.limit_key is null then clock_timestamp() end, ready_at = clock_timestamp()
  from (
    select h.id, q.paused or ((select exists (select from twolane.lots where closed))
      and twolane.is_stopped(h.queue, h.type, h.version, h.key)) as stays
    from (select distinct k from unnest(keys) k) k
    cross join lateral (select * from twolane.live h where h.key = k order by h.id limit 1) h
    join twolane.queues q on q.queue = h.queue
  ) heads
  where l.id = heads.id and l.state = 'waiting' and l.lot is null
    and (l.limit_key is null or not l.waiting and l.in_line is null)
  returning l.id, l.queue, l.type, l.version, case when l.state = 'queued' then l.fence else -1 end, l.crashes;
end $$;

-- What the caller of a settlement is told to publish; null when there is nothing.
create function twolane.envelopes(released twolane.envelope[]) returns json language plpgsql immutable as $$
begin
  return (select json_agg(json_build_object('id', r.id::text, 'queue', r.queue, 'type', r.type, 'version', r.version, 'fence', r.fence,
    'crashes', r.crashes)) from unnest(released) r where r.fence >= 0);
end $$;

create function twolane.settle_succeeded(ids bigint[], fences int[], results jsonb[], worker_name text)
returns table (id bigint, released json) language plpgsql
set jit = off set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_nestloop = off set enable_mergejoin = off as $$
#variable_conflict use_column
declare
  settled bigint[];
  awaited bigint[];
  keys text[];
  has_parents boolean;
  listening record;
  heard bigint[];
begin
  select * into listening from twolane.webhook_listening w where w.event = 'job.succeeded';
  select array_agg(key) filter (where key is not null), bool_or(l.awaited),
      array_agg(l.id) filter (where l.type = any(listening.job_types) or listening.every and l.type <> all(listening.unless))
    into keys, has_parents, heard from twolane.live l where l.id = any(ids);
  if keys is not null then perform twolane.lock_keys(keys); end if;
  if has_parents then perform twolane.lock_with_parents(ids); end if;
  -- The caller sorts the ids, so that rows are locked in their order whichever side of the join comes first.
  with gone as (
    delete from twolane.live l using unnest(ids, fences, results) as s(id, fence, result)
    where l.id = any(ids) and l.id = s.id and l.fence = s.fence and l.state = 'running'
    returning l.id, l.type, l.queue, l.attempt, l.started_at, l.awaited, s.result
  ), kept as (
    insert into twolane.done (id, type, queue, state, attempt, worker, started_at, finished_at, result)
      select id, type, queue, 'succeeded', attempt, worker_name, started_at, clock_timestamp(), result from gone
  ), told as (
    insert into twolane.tallies (queue, succeeded) select queue, count(*) from gone group by queue
  )
  select array_agg(gone.id), array_agg(gone.id) filter (where gone.awaited) into settled, awaited from gone;
  return query select unnest(settled), null::json;
  if heard is not null then
    perform twolane.tell_jobs('job.succeeded', array(select unnest(heard) intersect select unnest(settled)));
  end if;
  if awaited is not null then
    return query select null::bigint, twolane.envelopes(array(select p from twolane.tell_parents(awaited, 'succeeded', true) p));
  end if;
  if cardinality(keys) > 0 then
    return query select null::bigint, twolane.envelopes(array(select r from twolane.release_keys(keys) r));
  end if;
end $$;

create type twolane.ended_job as (
  id bigint, fence int, kind text, error jsonb, delay_ms bigint, reason text, outcome text, fingerprint text,
  still_runs boolean
);

-- Settles everything that is not a success. `kind` is retry, dead, cancelled or released; `outcome`, where given, is the
-- word that the record of the attempt gets. A cancel that was asked for wins over another attempt.
create function twolane.settle_others(items json, worker_name text)
returns table (id bigint, released json) language plpgsql
set jit = off set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_nestloop = on set enable_mergejoin = off as $$
#variable_conflict use_column
declare
  ended twolane.ended_job[];
  keys text[];
  back text[];
  cancelled bigint[];
  died bigint[];
  unwanted bigint[];
  lost bigint[];
begin
  unwanted := array(select s.id from json_populate_recordset(null::twolane.ended_job, items) s join twolane.live l on l.id = s.id
    where l.cancel is not null);
  keys := array(select l.key from json_populate_recordset(null::twolane.ended_job, items) s join twolane.live l on l.id = s.id
    where l.key is not null and (s.kind in ('dead', 'cancelled') or s.id = any(unwanted)));
  if cardinality(unwanted) > 0
    or exists (select from json_populate_recordset(null::twolane.ended_job, items) s where s.kind in ('dead', 'cancelled')) then
    perform twolane.lock_family(array(select s.id from json_populate_recordset(null::twolane.ended_job, items) s));
  end if;
  back := array(select l.key from json_populate_recordset(null::twolane.ended_job, items) s join twolane.live l on l.id = s.id
    where l.key is not null and s.kind in ('retry', 'released') and s.id <> all(unwanted));
  if cardinality(back) > 0 then perform twolane.lock_keys(back); end if;
  with mine as (
    select l.id, l.fence from twolane.live l
    where l.id in (select s.id from json_populate_recordset(null::twolane.ended_job, items) s) and l.state = 'running'
    order by l.id for update
  )
  select array_agg(s) into ended from json_populate_recordset(null::twolane.ended_job, items) s
    join mine on mine.id = s.id and mine.fence = s.fence;
  if ended is null then return; end if;
  if cardinality(unwanted) > 0 then
    for i in 1 .. cardinality(ended) loop
      if ended[i].id = any(unwanted) then ended[i].kind := 'cancelled'; end if;
    end loop;
  end if;

  insert into twolane.attempts (job_id, attempt, fence, worker, started_at, cancel_requested_at, stopped_at, outcome, error)
    select l.id, l.attempt, l.fence, worker_name, l.started_at, l.cancel_at, case when s.still_runs is null then now() end,
      s.outcome, s.error
    from unnest(ended) s join twolane.live l on l.id = s.id where s.outcome is not null;
  insert into twolane.overrunning (job_id, fence, worker)
    select s.id, s.fence, worker_name from unnest(ended) s where s.still_runs;
  insert into twolane.tallies (queue, failed, dead, cancelled)
    select l.queue, count(*) filter (where s.kind in ('retry', 'dead')), count(*) filter (where s.kind = 'dead'),
      count(*) filter (where s.kind = 'cancelled')
    from unnest(ended) s join twolane.live l on l.id = s.id where s.kind <> 'released' group by l.queue;

  update twolane.live l set
    state = case when s.delay_ms > 0 then 'scheduled' else 'waiting' end,
    waiting = s.delay_ms <= 0 and l.limit_key is null, dispatched_at = null, ready_at = now(), worker = null,
    in_line = case when s.delay_ms <= 0 and l.limit_key is not null then 1 end,
    rank = case when l.limit_key is null then l.rank else 0 end,
    due_at = case when s.delay_ms > 0 then now() + s.delay_ms * interval '1 ms' end,
    attempt = l.attempt - case when s.kind = 'released' then 1 else 0 end
  from unnest(ended) s where s.id = l.id and s.kind in ('retry', 'released');
  -- A smaller id of the key may have come back from the dead meanwhile, and waits for this very outcome.
  if cardinality(back) > 0 then perform twolane.free_heads(back); end if;

  with gone as (
    delete from twolane.live l using unnest(ended) s where s.id = l.id and s.kind = 'dead'
    returning l.id, l.type, l.queue, l.attempt, l.fence, l.started_at, l.awaited, s.reason, s.fingerprint, s.error
  ), kept as (
    insert into twolane.dead (id, type, queue, attempt, fence, worker, started_at, reason, fingerprint, awaited, error)
      select id, type, queue, attempt, fence, worker_name, started_at, coalesce(reason, 'failed'), fingerprint, awaited, error
      from gone
  )
  select array_agg(gone.id), array_agg(gone.id) filter (where gone.awaited) into lost, died from gone;
  if lost is not null then perform twolane.note_ends(lost, 'dead'); end if;

  with gone as (
    delete from twolane.live l using unnest(ended) s where s.id = l.id and s.kind = 'cancelled' returning l.*, s.reason as why
  ), kept as (
    insert into twolane.done (id, type, queue, state, reason, attempt, worker, started_at, finished_at)
      select id, type, queue, 'cancelled', coalesce(cancel, why), attempt, worker_name, started_at, clock_timestamp() from gone
  )
  select array_agg(gone.id), array_agg(gone.id) filter (where gone.awaited) into lost, cancelled from gone;
  if lost is not null then perform twolane.note_ends(lost, 'cancelled'); end if;

  return query select s.id, null::json from unnest(ended) s;
  if died is not null then
    return query select null::bigint, twolane.envelopes(array(select p from twolane.tell_parents(died, 'dead', true) p));
  end if;
  if cancelled is not null then
    return query select null::bigint, twolane.envelopes(array(select p from twolane.tell_parents(cancelled, 'cancelled', true) p));
  end if;
  if cardinality(keys) > 0 then
    return query select null::bigint, twolane.envelopes(array(select r from twolane.release_keys(keys) r));
  end if;
end $$;
