-- Enqueue: one call for a batch, in the caller's transaction. Answers in the order asked.
create type twolane.asked_job as (
  ord int, id bigint, type text, version int, queue text, prio smallint, key text, tenant text, owner text, payload jsonb,
  metadata jsonb, max_attempts int, timeout_ms int, delay_ms bigint, run_at timestamptz, expires_at timestamptz,
  extra json, parent_id bigint, waits_for bigint[], rule text, owned boolean, flow_id bigint, traceparent text, limit_key text
);

-- The jobs that an asked one waits for: by id, or (`after`) by their places in the same call.
create function twolane.awaited_ids(waits json, ids bigint[]) returns bigint[] language sql immutable as $$
  select nullif(array(select json_array_elements_text(waits -> 'for')::bigint)
    || array(select ids[json_array_elements_text(waits -> 'after')::int]), '{}')
$$;

create function twolane.enqueue(items json, direct boolean, shard int default 0)
returns table (id bigint, state text, note text) language plpgsql as $$
#variable_conflict use_column
declare
  asked twolane.asked_job[];
  n int := json_array_length(items);
  ids bigint[];
  plain boolean;
begin
  ids := array(select twolane.next_ids(n, shard));
  select array_agg(row(x.ord, ids[x.ord], x.type, x.version, x.queue, x.prio, x.key, x.tenant, x.owner, x.payload, x.metadata,
      x.max_attempts, x.timeout_ms, x.delay_ms, x.run_at, x.expires_at, x.extra, x.parent_id,
      case when x.waits is not null then twolane.awaited_ids(x.waits, ids) end, x.waits ->> 'rule', (x.waits ->> 'owned')::boolean,
      case when x.waits ->> 'flow' = 'true' then ids[n] end, x.traceparent, x.limit_key)::twolane.asked_job),
    bool_and(x.extra is null)
    into asked, plain
  from rows from (json_to_recordset(items) as (type text, version int, queue text, prio smallint, key text, tenant text,
      owner text, payload jsonb, metadata jsonb, max_attempts int, timeout_ms int, delay_ms bigint, run_at timestamptz,
      expires_at timestamptz, extra json, parent_id bigint, waits json, traceparent text, limit_key text))
    with ordinality as x(type, version, queue, prio, key, tenant, owner, payload, metadata, max_attempts, timeout_ms, delay_ms,
      run_at, expires_at, extra, parent_id, waits, traceparent, limit_key, ord);

  if plain then
    return query select i.id, i.state, null from twolane.insert_jobs(asked, direct) i order by i.ord;
  else
    return query select * from twolane.enqueue_extra(asked, direct);
  end if;
end $$;

-- Writes the rows. A job that nothing holds back, on an open queue, becomes `queued` when its caller will publish it.
create function twolane.insert_jobs(asked twolane.asked_job[], direct boolean)
returns table (ord int, id bigint, state text) language plpgsql
set jit = off set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_mergejoin = off as $$
#variable_conflict use_column
declare
  stops boolean := exists (select from twolane.lots where closed);
  asides bigint[] := case when exists (select from unnest(asked) a where a.limit_key <> '') then twolane.asides_among(asked) end;
  some_wait boolean;
  some_limited boolean;
begin
  insert into twolane.jobs (id, type, version, queue, prio, key, tenant, owner, payload, payload_file, metadata, max_attempts,
      timeout_ms, run_at, expires_at, parent_id, waits_for, flow_id, traceparent)
    select a.id, a.type, a.version, a.queue, a.prio, coalesce(a.key, nullif(a.limit_key, '')), a.tenant, a.owner,
      case when a.extra -> 'file' is null then coalesce(a.payload, 'null') end, (a.extra -> 'file')::jsonb, a.metadata,
      a.max_attempts, a.timeout_ms, coalesce(a.run_at, now() + a.delay_ms * interval '1 ms'), a.expires_at, a.parent_id,
      a.waits_for, a.flow_id, a.traceparent
    from unnest(asked) a;
  insert into twolane.queues (queue)
    select distinct a.queue from unnest(asked) a where not exists (select from twolane.queues q where q.queue = a.queue)
    on conflict do nothing;
  insert into twolane.tallies (queue, enqueued) select a.queue, count(*) from unnest(asked) a group by a.queue;
  return query
    with placed as (
      select a.*, due.at as due_at,
        case
          when a.waits_for is not null then 'blocked'
          when due.at is not null then 'scheduled'
          when direct and not coalesce(q.paused or q.held, false) and a.limit_key is null
            and (a.key is null or firsts.is_head and firsts.id = a.id)
            and not (stops and twolane.is_stopped(a.queue, a.type, a.version, a.key)) then 'queued'
          else 'waiting'
        end as state,
        case when a.limit_key is null then '' else a.type end as line, firsts.id <> a.id as follows
      from unnest(asked) a
      left join twolane.queues q on q.queue = a.queue
      -- Only the smallest live id of a key may run: the first of the batch, when no other is under way. Those that follow it
      -- in the batch wait for its outcome from the beginning, so that no pick has to read past them.
      left join (
        select key, min(id) as id, (select l.id from twolane.live l where l.key = a2.key limit 1) is null as is_head
        from unnest(asked) a2 where key is not null group by key
      ) firsts on firsts.key = a.key
      cross join lateral (
        select case when coalesce(a.run_at, now() + a.delay_ms * interval '1 ms') > now()
          then coalesce(a.run_at, now() + a.delay_ms * interval '1 ms') end as at
      ) due
    ), bases as materialized (
      -- Tenants take turns: a tenant's next rank follows its own last one; a tenant with nothing waiting starts at the front.
      select p.queue, p.line, p.prio, p.tenant, case when p.line = '' then coalesce(
        (select rank from twolane.live l where l.waiting and l.queue = p.queue and l.prio = p.prio and l.tenant = p.tenant
          order by rank desc limit 1),
        (select rank from twolane.live l where l.waiting and l.queue = p.queue and l.prio = p.prio order by rank limit 1),
        0) else twolane.base_of(p.queue, p.line, p.prio, p.tenant) end as base, twolane.step_of(p.tenant) as step
      from (select distinct queue, line, prio, tenant from placed where state = 'waiting') p
    ), rows as (
      insert into twolane.live (id, queue, prio, rank, tenant, type, version, key, limit_key, state, waiting, in_line, due_at,
          expires_at, dispatched_at, max_attempts, timeout_ms)
        select p.id, p.queue, p.prio,
          case when p.state = 'waiting'
            then b.base + b.step * row_number() over (partition by p.queue, p.line, p.prio, p.tenant, p.state order by p.ord)
            else 0 end,
          p.tenant, p.type, p.version, p.key, p.limit_key, p.state, p.state = 'waiting' and p.limit_key is null and p.follows is not true,
          case when p.state = 'waiting' and p.limit_key is not null and p.follows is not true
            then case when p.id = any(asides) then 2 else 1 end end, p.due_at, p.expires_at,
          case when p.state = 'queued' then clock_timestamp() end, p.max_attempts, p.timeout_ms
        from placed p
        left join bases b on b.queue = p.queue and b.line = p.line and b.prio = p.prio and b.tenant = p.tenant
        returning id, state
    )
    select p.ord, p.id, p.state from placed p;
  select bool_or(a.waits_for is not null), bool_or(a.limit_key is not null) into some_wait, some_limited from unnest(asked) a;
  if some_wait then perform twolane.place_parents(asked); end if;
  if some_limited then perform twolane.wake_lines(asked); end if;
end $$;

-- Jobs whose time has come take turns with what waits already. One that still waits for other jobs forgets its time, or enough
-- of them would stand before all that are due later.
create function twolane.set_waiting(due bigint[]) returns int language plpgsql
set jit = off set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_nestloop = off set enable_mergejoin = off as $$
declare
  n int;
begin
  if cardinality(due) = 0 then return 0; end if;
  update twolane.live l set state = 'waiting', waiting = l.limit_key is null, in_line = case when l.limit_key is not null then 1 end,
    due_at = null, ready_at = l.due_at, reason = null, rank = t.rank
  from twolane.turns(due) t where l.id = any(due) and l.id = t.id and l.state = 'scheduled';
  get diagnostics n = row_count;
  if n < cardinality(due) then update twolane.live set due_at = null where id = any(due) and state = 'blocked'; end if;
  return cardinality(due);
end $$;

-- The short way for jobs that nothing can hold back but their queues (`names`): no key, limit, time, repeat or flow. One
-- statement, which also does for small batches what the general way does; that one is taken where anything is unusual.
create function twolane.enqueue_plain(items json, names text[], shard int default 0)
returns table (id bigint, state text, note text) language plpgsql
set jit = off set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_nestloop = off set enable_mergejoin = off as $$
#variable_conflict use_column
declare
  open text[];
  closed text[];
  first bigint;
begin
  select array_agg(queue) filter (where not q.paused and not q.held), array_agg(queue) filter (where q.paused or q.held)
    into open, closed from twolane.queues q where queue = any(names);
  if coalesce(cardinality(open), 0) + coalesce(cardinality(closed), 0) < cardinality(names)
    or exists (select from twolane.lots where closed) then
    return query select e.id, e.state, e.note from twolane.enqueue(items, true, shard) e;
    return;
  end if;
  first := twolane.reserve_ids(json_array_length(items));
  return query
    with asked as materialized (
      select x.*, twolane.id_of(first + x.ord - 1, shard) as id
      from rows from (json_to_recordset(items) as (type text, version int, queue text, prio smallint, tenant text, owner text,
        payload jsonb, metadata jsonb, max_attempts int, timeout_ms int, expires_at timestamptz, parent_id bigint,
        traceparent text))
      with ordinality as x(type, version, queue, prio, tenant, owner, payload, metadata, max_attempts, timeout_ms, expires_at,
        parent_id, traceparent, ord)
    ), kept as (
      insert into twolane.jobs (id, type, version, queue, prio, tenant, owner, payload, metadata, max_attempts, timeout_ms,
          expires_at, parent_id, traceparent)
        select a.id, a.type, a.version, a.queue, a.prio, a.tenant, a.owner, coalesce(a.payload, 'null'), a.metadata,
          a.max_attempts, a.timeout_ms, a.expires_at, a.parent_id, a.traceparent
        from asked a
    ), told as (
      insert into twolane.tallies (queue, enqueued) select a.queue, count(*) from asked a group by a.queue
    ), bases as materialized (
      select g.*, twolane.base_of(g.queue, '', g.prio, g.tenant) as base, twolane.step_of(g.tenant) as step
      from (select distinct a.queue, a.prio, a.tenant from asked a where a.queue = any(closed)) g
    ), ranked as (
      select a.id, b.base + b.step * row_number() over (partition by a.queue, a.prio, a.tenant order by a.ord) as rank
      from asked a join bases b on b.queue = a.queue and b.prio = a.prio and b.tenant = a.tenant
    ), rows as (
      insert into twolane.live (id, queue, prio, rank, tenant, type, version, state, waiting, expires_at, dispatched_at,
          max_attempts, timeout_ms)
        select a.id, a.queue, a.prio, coalesce(r.rank, 0), a.tenant, a.type, a.version,
          case when r.id is null then 'queued' else 'waiting' end, r.id is not null, a.expires_at,
          case when r.id is null then clock_timestamp() end, a.max_attempts, a.timeout_ms
        from asked a left join ranked r on r.id = a.id
    )
    select a.id, case when a.queue = any(closed) then 'waiting' else 'queued' end, null::text from asked a order by a.ord;
end $$;
