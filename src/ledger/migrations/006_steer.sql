-- What operators and clients change about jobs that are not running here: cancel, expire, retry.

-- Cancels jobs that are not final. A running one is only marked; its worker aborts it and settles. Answers the states that follow.
create function twolane.cancel(ids bigint[], why text) returns table (id bigint, state text) language plpgsql as $$
#variable_conflict use_column
declare
  gone bigint[];
begin
  if coalesce(cardinality(ids), 0) = 0 then return; end if;
  perform twolane.lock_family(ids);
  return query update twolane.live l set cancel = why, cancel_at = coalesce(cancel_at, clock_timestamp())
    where l.id = any(ids) and l.state = 'running' returning l.id, 'running';
  gone := twolane.end_cancelled(ids, why);
  return query select g, 'cancelled' from unnest(gone) g;
  if cardinality(gone) > 0 then perform twolane.tell_parents(gone, 'cancelled', false); end if;
end $$;

-- Moves jobs that do not run to `done` and answers which. The next of each key goes through the outbox: nobody here publishes.
create function twolane.end_cancelled(ids bigint[], why text) returns bigint[] language plpgsql as $$
declare
  gone_ids bigint[];
  keys text[];
begin
  with gone as (
    delete from twolane.live l where l.id = any(ids) and l.state <> 'running' returning l.*
  ), kept as (
    insert into twolane.done (id, type, queue, state, reason, attempt, finished_at, started_at)
      select id, type, queue, 'cancelled', coalesce(cancel, why), attempt, clock_timestamp(), started_at from gone
  ), told as (
    insert into twolane.tallies (queue, cancelled) select queue, count(*) from gone group by queue
  )
  select array_agg(id), array_agg(key) filter (where key is not null) into gone_ids, keys from gone;
  if gone_ids is not null then perform twolane.note_ends(gone_ids, 'cancelled'); end if;
  if keys is not null then perform twolane.free_heads(keys); end if;
  return coalesce(gone_ids, '{}');
end $$;

-- Whoever stands first in these keys may go, through the outbox. Call it with the keys locked.
create function twolane.free_heads(keys text[]) returns void language plpgsql set jit = off set enable_seqscan = off as $$
begin
  update twolane.live l set waiting = l.limit_key is null, in_line = case when l.limit_key is not null then 1 end
  where l.state = 'waiting' and not l.waiting and l.in_line is null and l.lot is null and l.id in (
    select (select h.id from twolane.live h where h.key = k order by h.id limit 1) from (select distinct k from unnest(keys) k) k);
end $$;

create function twolane.expire(ids bigint[]) returns void language plpgsql as $$
declare
  late bigint[] := array(select id from twolane.live where id = any(ids) and expires_at <= now() and state <> 'running');
begin
  if cardinality(late) > 0 then perform twolane.cancel(late, 'expired'); end if;
end $$;

-- Puts dead jobs back with a full set of attempts; answers those that were dead. They queue up behind what their tenants have
-- waiting, so that many of them delay nobody else.
create function twolane.revive(ids bigint[]) returns bigint[] language plpgsql
set jit = off set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_mergejoin = off as $$
#variable_conflict use_column
declare
  revived bigint[];
  awaited bigint[];
begin
  with gone as (
    delete from twolane.dead where id = any(ids) returning id, queue, attempt, fence, awaited
  ), told as (
    insert into twolane.tallies (queue, revived) select queue, count(*) from gone group by queue
  ), asked as (
    select j.*, g.attempt, g.fence, g.awaited, b.ordered_key, b.limit_key, case when b.limit_key is null then '' else j.type end as line
    from gone g join twolane.jobs j on j.id = g.id cross join lateral twolane.limited_by(j.type, j.key) b where j.id = any(ids)
  ), bases as materialized (
    select a.*, twolane.base_of(queue, line, prio, tenant) as base, twolane.step_of(tenant) as step
    from (select distinct queue, line, prio, tenant from asked) a
  ), rows as (
    insert into twolane.live (id, queue, prio, rank, tenant, type, version, key, limit_key, state, waiting, in_line, ready_at,
        attempt, max_attempts, fence, timeout_ms, awaited)
      select a.id, a.queue, a.prio,
        b.base + b.step * row_number() over (partition by a.queue, a.line, a.prio, a.tenant order by a.id), a.tenant, a.type,
        a.version, a.ordered_key, a.limit_key, 'waiting', a.limit_key is null, case when a.limit_key is not null then 1 end,
        now(), a.attempt, a.attempt + a.max_attempts, a.fence, a.timeout_ms, a.awaited
      from asked a join bases b on b.queue = a.queue and b.line = a.line and b.prio = a.prio and b.tenant = a.tenant
      returning id, awaited
  )
  select coalesce(array_agg(id), '{}'), array_agg(id) filter (where rows.awaited) into revived, awaited from rows;
  if awaited is not null then perform twolane.note_blockers(twolane.parents_of(awaited)); end if;
  return revived;
end $$;

-- Puts a dead job back, with another payload where one is given (the audit says who edited it), or lets a scheduled one run
-- now. Null when it is neither.
create function twolane.retry(job bigint, new_payload jsonb, new_file jsonb, new_version int, by_audit bigint) returns text language plpgsql as $$
begin
  perform from twolane.dead where id = job for update;
  if not found then
    perform from twolane.live where id = job and state = 'scheduled' for update;
    if not found then return null; end if;
  end if;
  if new_payload is not null or new_file is not null then
    insert into twolane.edits (job_id, audit_id, previous, previous_file)
      select id, by_audit, payload, payload_file from twolane.jobs where id = job;
    perform twolane.edit_payload(job, new_payload, new_file, new_version);
    update twolane.live set version = coalesce(new_version, version) where id = job;
  end if;
  if twolane.revive(array[job]) = '{}' then
    update twolane.live set state = 'waiting', waiting = limit_key is null, in_line = case when limit_key is not null then 1 end,
      due_at = null, ready_at = now() where id = job;
  end if;
  return 'waiting';
end $$;
