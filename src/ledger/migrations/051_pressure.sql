-- Back-pressure: which queues take no more jobs for now. Weighed once a second by whoever dispatches a queue; everybody who
-- enqueues reads the verdict once a second, so that no enqueue asks for it.

-- Age in ms of the oldest job that waits for its first start: the heads of each priority and of what is released, counted
-- from when they were due. Jobs that come back, from a failure or after others they waited for, say nothing about the queue.
create function twolane.waiting_age(of_queue text) returns float8 language sql stable
set jit = off set enable_seqscan = off set enable_sort = off as $$
  with heads as (
    select head.* from generate_series(0, 3) p
    cross join lateral (
      select l.id, l.attempt, l.crashes from twolane.live l where l.queue = of_queue and l.prio = p and l.waiting
      order by l.rank, l.id limit 20) head
    union all
    (select l.id, l.attempt, l.crashes from twolane.live l
     where l.queue = of_queue and l.dispatched_at is not null and l.state = 'queued' and l.lot is null
     order by l.dispatched_at limit 20)
  )
  select extract(epoch from now() - min(greatest(twolane.time_of(j.id), j.run_at))) * 1000
  from heads join twolane.jobs j on j.id = heads.id
  where heads.attempt = 0 and heads.crashes = 0 and j.waits_for is null
$$;

-- Seconds until the backlog of a queue is gone at the pace of the last ten seconds; a minute when nothing moves.
create function twolane.relief_s(of_queue text) returns int language sql stable set jit = off set enable_seqscan = off as $$
  select case when pace.per_s > 0 then least(300, greatest(1, ceil(backlog.n / pace.per_s)))::int else 60 end
  from (select count(*) as n from (select from twolane.live l where l.queue = of_queue and l.waiting limit 10000) c) backlog,
    (select coalesce(sum(claimed), 0) / 10.0 as per_s from twolane.queue_stats t
     where t.queue = of_queue and t.at > now() - interval '10 seconds') pace
$$;

-- Answers the queues whose verdict changed. `ages` is by lane, null for none. Bulk jobs give way first: they are
-- refused from 95 % of `max_bytes` on, real-time ones at 100 %. A paused queue ages on purpose and is not judged by age.
create function twolane.weigh_queues(names text[], ages jsonb, max_bytes bigint)
returns table (queue text, refuses text) language sql as $$
  with size as materialized (
    select case when max_bytes is not null then pg_database_size(current_database()) / max_bytes::float8 else 0 end as used
  ), judged as (
    select q.queue, q.refuses as was, case
      when size.used >= case when starts_with(q.queue, 'bulk/') then 0.95 else 1 end then 'ledger_full'
      when not q.paused and limits.age is not null and twolane.waiting_age(q.queue) > limits.age then 'queue_overloaded'
    end as code
    from twolane.queues q, size,
      lateral (select coalesce(q.max_age_ms, (ages ->> split_part(q.queue, '/', 1))::bigint) as age) limits
    where q.queue = any(names)
  ), told as (
    update twolane.queues q set refuses = j.code,
      refuses_since = case when j.code is null then null when j.was is null then now() else q.refuses_since end,
      retry_after_s = case j.code when 'ledger_full' then 60 when 'queue_overloaded' then twolane.relief_s(q.queue) end
    from judged j where q.queue = j.queue and (j.code is not null or j.was is not null)
    returning q.queue, j.was, j.code
  )
  select t.queue, t.code from told t where t.code is distinct from t.was
$$;
