-- The patrol: looks at all live jobs again and again, some thousand at a time, puts right what can't be, and notes it. Every
-- state that it mends is one that no function of the ledger leaves behind: a defect, a restored backup, a hand in the tables.

create table twolane.repairs (
  id bigint generated always as identity primary key,
  at timestamptz not null default now(),
  kind text not null,
  queue text,
  jobs int not null,
  -- Up to 100 of them.
  ids bigint[] not null,
  detail text not null
);

create function twolane.note_repair(kind text, queue text, ids bigint[], detail text) returns void language sql as $$
  insert into twolane.repairs (kind, queue, jobs, ids, detail) values (kind, queue, cardinality(ids), ids[1:100], detail)
$$;

-- Notes a repair for each queue of these jobs. Call it while they are still in `live`.
create function twolane.note_repairs(kind text, mended bigint[], detail text) returns void language sql as $$
  select twolane.note_repair(note_repairs.kind, l.queue, array_agg(l.id order by l.id), detail)
  from twolane.live l where l.id = any(mended) group by l.queue order by l.queue
$$;

-- Locks those jobs, keys first, and answers those that are still there. What the caller looks at in its next statement stays
-- true until its end.
create function twolane.seize(suspects bigint[]) returns bigint[] language plpgsql as $$
begin
  perform twolane.lock_family(suspects);
  return array(select id from twolane.live where id = any(suspects) order by id for update);
end $$;

-- One step of the patrol: `most` live jobs from `after` on. Answers the last of them; null at the end of the round.
create function twolane.patrol(after bigint, most int) returns bigint language plpgsql
set jit = off set enable_seqscan = off as $$
declare
  chunk bigint[] := array(select id from twolane.live where id > after order by id limit most);
begin
  perform twolane.mend_settled_twice(chunk);
  perform twolane.mend_orphaned(chunk);
  perform twolane.mend_blocked(chunk);
  perform twolane.mend_circles(chunk);
  perform twolane.mend_abandoned(chunk);
  perform twolane.mend_stuck(chunk);
  perform twolane.limit_earlier(chunk);
  return case when cardinality(chunk) = most then chunk[most] end;
end $$;

-- A job is in one place only. What has ended has ended.
create function twolane.mend_settled_twice(chunk bigint[]) returns void language plpgsql as $$
declare
  bad bigint[] := array(select l.id from twolane.live l where l.id = any(chunk) and (
    exists (select from twolane.done d where d.id = l.id) or exists (select from twolane.dead x where x.id = l.id)));
begin
  if cardinality(bad) = 0 then return; end if;
  bad := twolane.seize(bad);
  bad := array(select l.id from twolane.live l where l.id = any(bad) and (
    exists (select from twolane.done d where d.id = l.id) or exists (select from twolane.dead x where x.id = l.id)));
  perform twolane.note_repairs('settled_twice', bad, 'had ended and was alive as well; the live one is gone');
  delete from twolane.waits where parent_id = any(bad);
  delete from twolane.live where id = any(bad);
end $$;

-- Without what was asked for nothing can be run.
create function twolane.mend_orphaned(chunk bigint[]) returns void language plpgsql as $$
declare
  bad bigint[] := array(select l.id from twolane.live l where l.id = any(chunk)
    and not exists (select from twolane.jobs j where j.id = l.id));
begin
  if cardinality(bad) = 0 then return; end if;
  bad := twolane.seize(bad);
  perform twolane.note_repairs('orphaned', bad, 'its payload is gone; cancelled');
  update twolane.live set state = 'waiting', worker = null where id = any(bad) and state = 'running';
  perform twolane.cancel(bad, 'its payload is gone');
end $$;

-- Blocked jobs wait for as many as can still end: none of them is forgotten, and none is waited for in vain.
create function twolane.is_pending(child bigint, rule text) returns boolean language sql stable as $$
  select exists (select from twolane.live l where l.id = child)
    or (rule = 'block' and exists (select from twolane.dead x where x.id = child))
    -- Somebody may still change his mind.
    or exists (select from twolane.discarded r where r.id = child)
$$;

create function twolane.pending_children(parent bigint) returns int language sql stable as $$
  select count(*)::int from twolane.waits w where w.parent_id = parent and twolane.is_pending(w.child_id, w.rule)
$$;

create function twolane.mend_blocked(chunk bigint[]) returns void language plpgsql as $$
declare
  bad bigint[] := array(select l.id from twolane.live l where l.id = any(chunk) and l.state = 'blocked'
    and l.blockers is distinct from twolane.pending_children(l.id));
  doomed bigint[];
begin
  if cardinality(bad) = 0 then return; end if;
  bad := twolane.seize(bad);
  bad := array(select l.id from twolane.live l where l.id = any(bad) and l.state = 'blocked'
    and l.blockers is distinct from twolane.pending_children(l.id));
  perform twolane.note_repairs('unblocked', bad, 'waited for jobs that had ended; counted anew');
  doomed := array(select distinct w.parent_id from twolane.waits w join twolane.done d on d.id = w.child_id
    where w.parent_id = any(bad) and w.rule <> 'continue' and d.state = 'cancelled' and not twolane.is_pending(w.child_id, w.rule));
  delete from twolane.waits w where w.parent_id = any(bad) and not twolane.is_pending(w.child_id, w.rule);
  update twolane.live set blockers = twolane.pending_children(id) where id = any(bad);
  if cardinality(doomed) > 0 then perform twolane.cancel(doomed, 'a job it waits for can not succeed any more'); end if;
  perform twolane.unblock(array(select id from twolane.live where id = any(bad) and blockers = 0), false);
end $$;

-- A running job whose process has no session any more: nobody will settle it.
create function twolane.mend_abandoned(chunk bigint[]) returns void language plpgsql as $$
declare
  bad bigint[] := array(select l.id from twolane.live l where l.id = any(chunk) and l.state = 'running'
    and not exists (select from twolane.sessions s where s.id = l.worker));
begin
  if cardinality(bad) = 0 then return; end if;
  bad := twolane.seize(bad);
  bad := array(select l.id from twolane.live l where l.id = any(bad) and l.state = 'running'
    and not exists (select from twolane.sessions s where s.id = l.worker));
  perform twolane.note_repairs('abandoned', bad, 'ran in a process that is gone; waits to run again');
  perform twolane.put_back(bad);
  update twolane.live set attempt = greatest(0, attempt - 1) where id = any(bad);
end $$;

-- Jobs that no step of the ledger would ever look at again.
create function twolane.is_stuck(l twolane.live) returns boolean language sql stable as $$
  select case l.state
    when 'queued' then l.dispatched_at is null and l.lot is null
    when 'scheduled' then l.due_at is null
    when 'waiting' then not l.waiting and l.lot is null and l.in_line is null and (l.key is null
      or not exists (select from twolane.live s where s.key = l.key and s.id < l.id))
    else false end
$$;

create function twolane.mend_stuck(chunk bigint[]) returns void language plpgsql as $$
declare
  -- What nearly all rows are is told by their columns alone; the function is asked about the rest.
  bad bigint[] := array(select l.id from twolane.live l where l.id = any(chunk) and not l.waiting and l.in_line is null
    and l.lot is null and (l.dispatched_at is null or l.state = 'waiting') and l.state <> 'blocked' and twolane.is_stuck(l));
begin
  if cardinality(bad) = 0 then return; end if;
  bad := twolane.seize(bad);
  bad := array(select l.id from twolane.live l where l.id = any(bad) and twolane.is_stuck(l));
  perform twolane.note_repairs('freed', bad, 'was free to go and not offered to anybody; waits for its turn');
  perform twolane.put_back(bad);
end $$;

create function twolane.put_back(ids bigint[]) returns void language sql as $$
  update twolane.live set state = 'waiting', waiting = limit_key is null, in_line = case when limit_key is not null then 1 end,
    rank = case when limit_key is null then rank else 0 end, due_at = null, dispatched_at = null, ready_at = now(), worker = null
  where id = any(ids)
$$;

-- Jobs that were asked for and are nowhere, among `most` below `before`, the newest first; at most `missing` of them come
-- back. Their fence is beyond any that an earlier run of theirs may hold. Answers where to go on; null at the end.
create function twolane.revive_lost(before bigint, most int, missing int) returns bigint language plpgsql
set jit = off set enable_seqscan = off as $$
declare
  chunk bigint[] := array(select id from twolane.jobs where id < before order by id desc limit most);
  bad bigint[] := array(select j.id from twolane.jobs j where j.id = any(chunk)
    and not exists (select from twolane.live l where l.id = j.id) and not exists (select from twolane.done d where d.id = j.id)
    and not exists (select from twolane.dead x where x.id = j.id) order by j.id desc limit missing);
begin
  if cardinality(bad) > 0 then
    insert into twolane.live (id, queue, prio, tenant, type, version, key, limit_key, state, waiting, in_line, ready_at,
        expires_at, max_attempts, timeout_ms, fence, awaited)
      select j.id, j.queue, j.prio, j.tenant, j.type, j.version, b.ordered_key, b.limit_key, 'waiting', b.limit_key is null,
        case when b.limit_key is not null then 1 end, now(), j.expires_at, j.max_attempts, j.timeout_ms, 1000000 + coalesce((select max(a.fence) from twolane.attempts a where a.job_id = j.id), 0),
        exists (select from twolane.waits w where w.child_id = j.id)
      from twolane.jobs j cross join lateral twolane.limited_by(j.type, j.key) b where j.id = any(bad);
    perform twolane.note_repairs('lost', bad, 'was accepted and nowhere any more; waits to run');
  end if;
  return case when cardinality(chunk) = most then chunk[most] end;
end $$;

-- Every job was looked at and all are there, so the sums are wrong.
create function twolane.mend_counters(unaccounted bigint) returns void language sql as $$
  update twolane.totals set settled = settled + unaccounted;
  select twolane.note_repair('counters', null, '{}', 'the sums were off by ' || unaccounted || '; every job is there');
$$;
