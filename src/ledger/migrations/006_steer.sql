-- What operators and clients change about jobs that are not running here: cancel, expire, retry, discard, reprioritise.

-- Cancels jobs that are not final. A running one is only marked; its worker aborts it and settles. Answers the states that follow.
create function twolane.cancel(ids bigint[], why text) returns table (id bigint, state text) language plpgsql as $$
#variable_conflict use_column
declare
  gone bigint[];
begin
  if ids is null then return; end if;
  perform twolane.lock_family(ids);
  return query update twolane.live l set cancel = why where l.id = any(ids) and l.state = 'running' returning l.id, 'running';
  gone := twolane.end_cancelled(ids, why);
  return query select g, 'cancelled' from unnest(gone) g;
  perform twolane.tell_parents(gone, 'cancelled', false);
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
      select id, type, queue, 'cancelled', why, attempt, clock_timestamp(), started_at from gone
  ), told as (
    insert into twolane.tallies (queue, cancelled) select queue, count(*) from gone group by queue
  )
  select array_agg(id), array_agg(key) filter (where key is not null) into gone_ids, keys from gone;
  update twolane.live l set waiting = true
  where l.state = 'waiting' and l.lot is null and l.id in (
    select (select h.id from twolane.live h where h.key = k order by h.id limit 1) from (select distinct k from unnest(keys) k) k);
  return coalesce(gone_ids, '{}');
end $$;

create function twolane.expire(ids bigint[]) returns void language plpgsql as $$
declare
  late bigint[] := array(select id from twolane.live where id = any(ids) and expires_at <= now() and state <> 'running');
begin
  if cardinality(late) > 0 then perform twolane.cancel(late, 'expired'); end if;
end $$;

-- Puts a dead job back with a full set of attempts, or lets a scheduled one run now. Null when it is neither.
create function twolane.retry(job bigint, new_payload jsonb, new_version int) returns text language plpgsql as $$
declare
  d twolane.dead;
  j twolane.jobs;
begin
  delete from twolane.dead where id = job returning * into d;
  if found then
    update twolane.jobs set payload = coalesce(new_payload, payload), version = coalesce(new_version, version) where id = job returning * into j;
    insert into twolane.live (id, queue, prio, tenant, type, version, key, state, waiting, attempt, max_attempts, fence,
        timeout_ms, awaited)
      values (job, j.queue, j.prio, j.tenant, j.type, j.version, j.key, 'waiting', true, d.attempt, d.attempt + j.max_attempts,
        d.fence, j.timeout_ms, d.awaited);
    insert into twolane.tallies (queue, revived) values (d.queue, 1);
    if d.awaited then perform twolane.note_blockers(array[job], false); end if;
    return 'waiting';
  end if;
  update twolane.live set state = 'waiting', waiting = true, due_at = null where id = job and state = 'scheduled';
  return case when found then 'waiting' end;
end $$;

create function twolane.discard(job bigint) returns boolean language plpgsql as $$
declare
  d twolane.dead;
begin
  perform twolane.lock_family(array[job]);
  delete from twolane.dead where id = job returning * into d;
  if not found then return false; end if;
  insert into twolane.done (id, type, queue, state, reason, attempt, worker, started_at, finished_at)
    values (d.id, d.type, d.queue, 'cancelled', 'discarded', d.attempt, d.worker, d.started_at, clock_timestamp());
  if d.awaited then perform twolane.tell_parents(array[d.id], 'cancelled', false); end if;
  return true;
end $$;
