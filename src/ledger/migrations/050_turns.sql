-- Turns of the tenants, in the outbox of a queue and in the line of a type: ranks, and what a tenant weighs.

-- Tenants whose weight is not 1.
create table twolane.tenants (
  tenant text primary key,
  weight int not null check (weight between 1 and 100)
);

-- Turns: the distance between two ranks of a tenant. 720,720 divides by everything up to 15.
create function twolane.step_of(of_tenant text) returns bigint language plpgsql stable as $$
begin
  return 720720 / coalesce((select weight from twolane.tenants t where t.tenant = of_tenant), 1);
end $$;

-- The rank that a tenant's next job follows, in the line of a type or ('') in the outbox: its own last one, or the front.
create function twolane.base_of(of_queue text, line text, of_prio smallint, of_tenant text) returns bigint
language plpgsql stable as $$
begin
  if line = '' then
    return coalesce((select rank from twolane.live l where l.waiting and l.queue = of_queue and l.prio = of_prio
      and l.tenant = of_tenant order by rank desc limit 1), twolane.front(of_queue, line, of_prio));
  end if;
  return coalesce(
    (select rank from twolane.live l where l.in_line is not null and l.type = line and l.prio = of_prio and l.tenant = of_tenant
      order by rank desc limit 1),
    twolane.front(of_queue, line, of_prio));
end $$;

-- The lowest rank that waits in the outbox of a queue, or in the line of a type.
create function twolane.front(of_queue text, line text, of_prio smallint) returns bigint language plpgsql stable as $$
begin
  if line = '' then
    return coalesce((select rank from twolane.live l where l.waiting and l.queue = of_queue and l.prio = of_prio
      order by rank limit 1), 0);
  end if;
  return coalesce((select rank from twolane.live l where l.in_line = 1 and l.queue = of_queue and l.type = line
    and l.prio = of_prio order by rank limit 1), 0);
end $$;

-- The ranks of jobs that wait again, or whose time has come: they take turns with what is at the front.
create function twolane.turns(ids bigint[]) returns table (id bigint, rank bigint) language plpgsql stable
set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_nestloop = off set enable_mergejoin = off as $$
#variable_conflict use_column
begin
  return query with mine as (
    select l.id, l.queue, l.prio, l.tenant, case when l.limit_key is null then '' else l.type end as line
    from twolane.live l where l.id = any(ids)
  ), fronts as materialized (
    select m.*, twolane.step_of(tenant) as step, twolane.front(queue, line, prio) as rank
    from (select distinct queue, line, prio, tenant from mine) m
  )
  select m.id, f.rank + f.step * row_number() over (partition by m.queue, m.line, m.prio, m.tenant order by m.id)
  from mine m join fronts f using (queue, line, prio, tenant);
end $$;
