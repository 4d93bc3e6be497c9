-- Sessions: one row per process with a heartbeat, and an advisory lock (its class is the table) that PostgreSQL frees when it dies.

create function twolane.heartbeat(session int, now_running int, now_buffered jsonb, now_consumers jsonb, memory bigint,
  is_draining boolean)
returns table (alive boolean, cancelled bigint[], offered boolean, drain boolean) language sql as $$
  with beat as (
    update twolane.sessions set heartbeat_at = clock_timestamp(), running = now_running, buffered = now_buffered,
      consumers = now_consumers, memory_bytes = memory, draining = is_draining
    where id = session returning id, drain_at
  )
  select exists (select from beat), array(
    select id from twolane.live where dispatched_at is not null and worker = session and state = 'running' and cancel is not null),
    exists (select from twolane.lots where kind = 'offer'), exists (select from beat where drain_at is not null)
$$;

-- Sessions that look dead: their lock is free, or their heartbeat is older than the lease. None within one lease of a
-- restart of the database: nobody could beat then.
create function twolane.suspects(lease_ms int) returns setof int language plpgsql as $$
declare
  s record;
begin
  if now() - pg_postmaster_start_time() < lease_ms * interval '1 ms' then return; end if;
  for s in select id, heartbeat_at from twolane.sessions loop
    if s.heartbeat_at < clock_timestamp() - lease_ms * interval '1 ms' then
      return next s.id;
    elsif pg_try_advisory_xact_lock('twolane.sessions'::regclass::oid::int, s.id) then
      return next s.id;
    end if;
  end loop;
end $$;

-- Ends a session and puts its jobs back. A crash is no attempt; the third one is the job's end. `gone`: the process itself
-- says that it ends; otherwise its lock tells whether it has ended or has only gone silent.
create function twolane.bury(session int, why text, gone boolean default false) returns table (requeued int, died int) language plpgsql as $$
declare
  name text;
  keys text[];
  lost bigint[];
  hopeless bigint[];
  unwanted bigint[];
begin
  delete from twolane.sessions where id = session returning host || ':' || pid into name;
  if not found then return; end if;
  gone := gone or pg_try_advisory_xact_lock('twolane.sessions'::regclass::oid::int, session);
  if gone then perform twolane.note_worker_gone(name); end if;
  -- With the session gone nobody claims for it, so there are no others than these.
  keys := array(select key from twolane.live where dispatched_at is not null and worker = session and state = 'running'
    and key is not null);
  if cardinality(keys) > 0 then perform twolane.lock_keys(keys); end if;
  lost := array(select id from twolane.live where dispatched_at is not null and worker = session and state = 'running'
    order by id for update);
  insert into twolane.attempts (job_id, attempt, fence, worker, started_at, cancel_requested_at, stopped_at, outcome, error)
    select id, attempt, fence, name, started_at, cancel_at, case when gone then clock_timestamp() end, 'crashed',
      jsonb_build_object('name', 'WorkerLost', 'code', 'worker_lost', 'message', why)
    from twolane.live where id = any(lost);
  unwanted := array(select id from twolane.live where id = any(lost) and cancel is not null);
  hopeless := array(select id from twolane.live where id = any(lost) and id <> all(unwanted) and crashes >= 2);
  update twolane.live set state = 'waiting', waiting = limit_key is null, dispatched_at = null, ready_at = now(), worker = null,
    in_line = case when limit_key is not null then 1 end, rank = case when limit_key is null then rank else 0 end,
    crashes = crashes + 1, attempt = attempt - 1 where id = any(lost) and id <> all(hopeless);
  if cardinality(hopeless) > 0 then
    insert into twolane.tallies (queue, dead) select queue, count(*) from twolane.live where id = any(hopeless) group by queue;
    insert into twolane.dead (id, type, queue, attempt, fence, worker, started_at, reason, fingerprint, awaited, error)
      select id, type, queue, attempt, fence, name, started_at, 'crashed its worker three times', type || ':crash', awaited,
        jsonb_build_object('name', 'CrashLoop', 'code', 'crash_loop',
          'message', 'The process running this job ended three times while it ran')
      from twolane.live where id = any(hopeless);
    delete from twolane.live where id = any(hopeless);
    perform twolane.note_ends(hopeless, 'dead');
    perform twolane.tell_parents(hopeless, 'dead', false);
  end if;
  if cardinality(keys) > 0 then perform twolane.free_heads(keys); end if;
  if cardinality(unwanted) > 0 then perform twolane.cancel(unwanted, 'cancelled'); end if;
  return query select cardinality(lost) - cardinality(hopeless), cardinality(hopeless);
end $$;

-- Adds what the batches appended to the per-second statistics and to the totals.
create function twolane.roll_up() returns void language sql as $$
  with t as (
    delete from twolane.tallies returning *
  ), stats as (
    insert into twolane.queue_stats (queue, at, enqueued, claimed, succeeded, failed, dead, cancelled)
      select t.queue, date_bin('1 second', t.at, 'epoch'), sum(enqueued), sum(claimed), sum(succeeded), sum(failed), sum(dead),
        sum(cancelled)
      from t group by 1, 2 order by 1, 2
    on conflict (queue, at) do update set enqueued = queue_stats.enqueued + excluded.enqueued,
      claimed = queue_stats.claimed + excluded.claimed, succeeded = queue_stats.succeeded + excluded.succeeded,
      failed = queue_stats.failed + excluded.failed, dead = queue_stats.dead + excluded.dead,
      cancelled = queue_stats.cancelled + excluded.cancelled
  ), summed as (
    update twolane.totals set appended = appended + coalesce((select sum(enqueued + revived) from t), 0),
      settled = settled + coalesce((select sum(succeeded + dead + cancelled) from t), 0)
    where exists (select from t)
  )
  update twolane.queues q set claimed_through = greatest(q.claimed_through, c.through)
  from (select queue, max(claimed_through) as through from t group by queue) c
  where q.queue = c.queue and c.through is not null
$$;

-- What the dispatchers must know of their queues: the fleet's slots, in all and of the smallest worker, the rate of the
-- last seconds, the newest claim.
create function twolane.queue_facts()
returns table (queue text, concurrency int, smallest int, rate float8, claimed_through timestamptz, pack int)
language sql as $$
  select q.queue, coalesce(slots.total, 0)::int, coalesce(slots.least, 0)::int,
    coalesce((select max(claimed) from twolane.queue_stats t where t.queue = q.queue and t.at > now() - interval '4 seconds'), 0)::float8,
    q.claimed_through, q.pack::int
  from twolane.queues q
  left join lateral (
    select sum((slot ->> 'concurrency')::int) as total, min((slot ->> 'concurrency')::int) as least
    from twolane.sessions s, jsonb_array_elements(s.queues) slot
    where slot ->> 'queue' = q.queue and not s.draining
  ) slots on true
$$;
