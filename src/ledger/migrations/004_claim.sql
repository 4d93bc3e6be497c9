-- Claim: a worker takes jobs for its free slots. What is not in the answer is not to be run; the ledger knows why.
-- `alone` says that the worker runs nothing else: only then it gets jobs that ended two processes. A delivery that a broker
-- repeats may be older than the second crash, so the delivery itself can not be trusted to tell.
-- The hot functions fix their plans: each table is narrowed by `= any(ids)` through its key, and the small results are
-- hashed together. Left to statistics that lag behind a queue, the planner compares every row with every other.

-- Locks the keys of a transaction, always in one order and before any row, so that two never wait for each other.
create function twolane.lock_keys(keys text[]) returns void language plpgsql as $$
begin
  perform pg_advisory_xact_lock(h) from (select distinct hashtextextended(k, 'twolane.live'::regclass::oid::bigint) h from unnest(keys) k order by 1) hashes;
end $$;

create type twolane.claimed_job as (
  id bigint, fence int, attempt int, crashes smallint, type text, version int, key text, tenant text, owner text,
  max_attempts int, timeout_ms int, payload jsonb, payload_file jsonb, traceparent text, slot text, wait_ms float8
);

create function twolane.claim(session int, ids bigint[], alone boolean) returns setof twolane.claimed_job language plpgsql
set jit = off set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_bitmapscan = off set enable_nestloop = off set enable_mergejoin = off as $$
#variable_conflict use_column
declare
  -- So that the days in between are looked at and no others.
  least_id bigint := (select min(i) from unnest(ids) i);
  greatest_id bigint := (select max(i) from unnest(ids) i);
  rest bigint[];
  paused text[];
  stopped text[];
  claimed int;
begin
  -- A process that was judged dead and has not noticed yet must claim nothing: nobody would take it back. The lock lets no
  -- judgement pass in between.
  perform from twolane.sessions where id = session for key share;
  if not found then raise exception 'Session % has ended', session; end if;
  -- An index scan for `= any` visits its keys in order, so rows are locked in the order of ids, as everywhere.
  paused := array(select queue from twolane.queues q where q.paused);
  stopped := array(select name from twolane.lots s where s.closed and s.kind = 'type');
  return query
    with taken as (
      update twolane.live l set state = 'running', attempt = attempt + 1, fence = fence + 1, worker = session,
        started_at = clock_timestamp(), lot = null
      where l.id = any(ids) and l.state = 'queued' and l.key is null and l.limit_key is null
        and (l.expires_at is null or l.expires_at > now())
        and l.queue <> all(paused) and l.type <> all(stopped) and (alone or l.crashes < 2)
      returning l.*
    ), told as (
      insert into twolane.tallies (queue, claimed, claimed_through)
        select queue, count(*), max(dispatched_at) from taken group by queue
    )
    select t.id, t.fence, t.attempt, t.crashes, t.type, t.version, t.key, t.tenant, j.owner, t.max_attempts, t.timeout_ms,
      j.payload, j.payload_file, j.traceparent, case when j.metadata ? 'schedule' then j.metadata ->> 'slot' end,
      (extract(epoch from t.started_at - coalesce(t.ready_at, twolane.time_of(t.id))) * 1000)::float8
    from taken t join twolane.jobs j on j.id = t.id where j.id = any(ids) and j.id between least_id and greatest_id;
  get diagnostics claimed = row_count;
  if claimed = cardinality(ids) then return; end if;
  -- Keyed, limited, expired, paused: the few that need a second look.
  rest := array(select l.id from twolane.live l where l.id = any(ids) and l.state = 'queued');
  if cardinality(rest) > 0 then
    return query select * from twolane.claim_keyed(session, rest, alone);
  end if;
end $$;

-- Whether a job is the smallest live one of its key, and none of the key runs. Call it with the key locked.
create function twolane.is_head(of_key text, job bigint) returns boolean language plpgsql stable as $$
begin
  return of_key is null or (
    (select l.id from twolane.live l where l.key = of_key order by l.id limit 1) = job
    and not exists (select from twolane.live l where l.key = of_key and l.dispatched_at is not null and l.id <> job
      and l.state = 'running' limit 1));
end $$;

create function twolane.claim_keyed(session int, ids bigint[], alone boolean) returns setof twolane.claimed_job language plpgsql
set jit = off set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_mergejoin = off as $$
#variable_conflict use_column
declare
  least_id bigint := (select min(i) from unnest(ids) i);
  greatest_id bigint := (select max(i) from unnest(ids) i);
begin
  perform twolane.lock_keys(array(select key from twolane.live where id = any(ids) and key is not null));
  perform twolane.expire(ids);
  -- Back to the outbox: the queue, its type or its key is paused, or a smaller id of the key is alive (then its outcome sets it free).
  perform from twolane.live l where l.id = any(ids) order by l.id for update;
  update twolane.live l set state = 'waiting', dispatched_at = null, waiting = twolane.is_head(l.key, l.id)
  where l.id = any(ids) and l.state = 'queued'
    and (not twolane.is_head(l.key, l.id) or l.queue in (select queue from twolane.queues q where q.paused)
      or (exists (select from twolane.lots where closed) and twolane.is_stopped(l.queue, l.type, null, coalesce(l.key, l.limit_key))));
  return query
    with taken as (
      update twolane.live l set state = 'running', attempt = attempt + 1, fence = fence + 1, worker = session,
        started_at = clock_timestamp(), lot = null
      where l.id = any(ids) and l.state = 'queued' and (alone or l.crashes < 2)
      returning l.*
    ), told as (
      insert into twolane.tallies (queue, claimed, claimed_through)
        select queue, count(*), max(dispatched_at) from taken group by queue
    ), noted as (
      insert into twolane.starts as s (type, key, until, n)
        select c.* from (
          select array_agg(type) as types, array_agg(limit_key) as keys from taken where limit_key is not null
        ) t, twolane.count_starts(t.types, t.keys) c
      on conflict (type, key, until) do update set n = s.n + excluded.n
    )
    select t.id, t.fence, t.attempt, t.crashes, t.type, t.version, coalesce(t.key, nullif(t.limit_key, '')), t.tenant, j.owner, t.max_attempts, t.timeout_ms,
      j.payload, j.payload_file, j.traceparent, case when j.metadata ? 'schedule' then j.metadata ->> 'slot' end,
      (extract(epoch from t.started_at - coalesce(t.ready_at, twolane.time_of(t.id))) * 1000)::float8
    from taken t join twolane.jobs j on j.id = t.id where j.id = any(ids) and j.id between least_id and greatest_id;
end $$;
