-- Limits for jobs that were enqueued before their type had any: put on them by the process that registers the limits. Those
-- that a process without the new definition enqueues later are found by the patrol. So no enqueue, claim or release has to ask.
create function twolane.limit_earlier(chunk bigint[]) returns void language plpgsql set jit = off set enable_seqscan = off as $$
declare
  earlier bigint[] := array(
    select l.id from twolane.live l join twolane.limits x on x.type = l.type
    where l.id = any(chunk) and l.limit_key is null and (x.concurrency is not null or x.rate_count is not null
      or l.key is not null and (x.key_concurrency is not null or x.key_rate_count is not null)));
begin
  if cardinality(earlier) = 0 then return; end if;
  earlier := twolane.seize(earlier);
  -- What runs or is in the broker goes on, and takes its slot from now on. What waits goes to the line, as it stood.
  with mine as (
    select l.id, l.queue, l.type, l.prio, l.tenant, l.rank, l.waiting, b.limit_key
    from twolane.live l cross join lateral twolane.limited_by(l.type, l.key) b
    where l.id = any(earlier) and l.limit_key is null
  ), bases as (
    select b.*, twolane.base_of(b.queue, b.type, b.prio, b.tenant) as base, twolane.step_of(b.tenant) as step
    from (select distinct queue, type, prio, tenant from mine where waiting) b
  ), placed as (
    select m.*, b.base + b.step * row_number() over (partition by m.queue, m.type, m.prio, m.tenant, m.waiting order by m.rank, m.id) as place
    from mine m left join bases b on m.waiting and b.queue = m.queue and b.type = m.type and b.prio = m.prio and b.tenant = m.tenant
  )
  update twolane.live l set limit_key = p.limit_key, waiting = false, in_line = case when p.waiting then 1 else l.in_line end,
    rank = coalesce(p.place, l.rank)
  from placed p where l.id = any(earlier) and l.id = p.id;
end $$;

-- Wakes the dispatchers of queues whose lines were empty before these jobs: they look for lines that move, and at the others
-- every few hundredths of a second.
create function twolane.wake_lines(asked twolane.asked_job[]) returns void language sql as $$
  select pg_notify('twolane.line', a.queue)
  from (select queue, min(id) as first from unnest(asked) where limit_key is not null group by queue order by queue) a
  where (select true from twolane.live l where l.queue = a.queue and l.in_line is not null and l.id < a.first limit 1) is null
$$;

-- The next `most` live jobs from `after` on. Answers the last of them; null at the end.
create function twolane.limit_next(after bigint, most int) returns bigint language plpgsql set jit = off set enable_seqscan = off as $$
declare
  chunk bigint[] := array(select id from twolane.live where id > after order by id limit most);
begin
  perform twolane.limit_earlier(chunk);
  return case when cardinality(chunk) = most then chunk[most] end;
end $$;
