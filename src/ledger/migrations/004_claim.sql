-- Claim: a worker takes jobs for its free slots. What is not in the answer is not to be run; the ledger knows why.

-- Locks the keys of a transaction, always in one order and before any row, so that two never wait for each other.
create function twolane.lock_keys(keys text[]) returns void language sql as $$
  select pg_advisory_xact_lock(h) from (select distinct hashtextextended(k, 0) h from unnest(keys) k order by 1) hashes
$$;

create type twolane.claimed_job as (
  id bigint, fence int, attempt int, crashes smallint, type text, version int, key text, tenant text, owner text,
  max_attempts int, timeout_ms int, payload jsonb, traceparent text
);

create function twolane.claim(session int, ids bigint[]) returns setof twolane.claimed_job language plpgsql as $$
#variable_conflict use_column
declare
  rest bigint[];
begin
  return query
    with mine as (
      select l.id from twolane.live l where l.id = any(ids) order by l.id for update
    ), taken as (
      update twolane.live l set state = 'running', attempt = attempt + 1, fence = fence + 1, worker = session,
        started_at = clock_timestamp()
      from mine
      where l.id = mine.id and l.state = 'queued' and l.key is null and (l.expires_at is null or l.expires_at > now())
        and not exists (select from twolane.queues q where q.queue = l.queue and q.paused)
      returning l.*
    ), told as (
      insert into twolane.tallies (queue, claimed, claimed_through)
        select queue, count(*), max(dispatched_at) from taken group by queue
    )
    select t.id, t.fence, t.attempt, t.crashes, t.type, t.version, t.key, t.tenant, j.owner, t.max_attempts, t.timeout_ms,
      j.payload, j.traceparent
    from taken t join twolane.jobs j on j.id = t.id;
  -- Keyed, expired, paused: the few that need a second look.
  rest := array(select l.id from twolane.live l where l.id = any(ids) and l.state = 'queued');
  if cardinality(rest) > 0 then
    return query select * from twolane.claim_keyed(session, rest);
  end if;
end $$;

create function twolane.claim_keyed(session int, ids bigint[]) returns setof twolane.claimed_job language plpgsql as $$
#variable_conflict use_column
begin
  perform twolane.lock_keys(array(select key from twolane.live where id = any(ids) and key is not null));
  perform twolane.expire(ids);
  -- Back to the outbox: the queue is paused, or a smaller id of the key is alive (then its outcome sets it free).
  update twolane.live l set state = 'waiting', dispatched_at = null,
    waiting = not exists (select from twolane.live s where s.key = l.key and s.id < l.id)
  where l.id in (select w.id from twolane.live w where w.id = any(ids) order by w.id for update) and l.state = 'queued'
    and (exists (select from twolane.queues q where q.queue = l.queue and q.paused)
      or exists (select from twolane.live s where s.key = l.key and s.id < l.id)
      or exists (select from twolane.live s where s.key = l.key and s.id <> l.id and s.state = 'running'));
  return query
    with taken as (
      update twolane.live l set state = 'running', attempt = attempt + 1, fence = fence + 1, worker = session,
        started_at = clock_timestamp()
      where l.id = any(ids) and l.state = 'queued'
      returning l.*
    ), told as (
      insert into twolane.tallies (queue, claimed, claimed_through)
        select queue, count(*), max(dispatched_at) from taken group by queue
    )
    select t.id, t.fence, t.attempt, t.crashes, t.type, t.version, t.key, t.tenant, j.owner, t.max_attempts, t.timeout_ms,
      j.payload, j.traceparent
    from taken t join twolane.jobs j on j.id = t.id;
end $$;
