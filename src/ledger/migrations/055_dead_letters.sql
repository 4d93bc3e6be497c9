-- Dead letters: their groups, those that were discarded and may still be brought back, and the payloads that were edited.

-- Dead jobs that died of the same thing. A group without jobs is kept for a while: when it comes back, it is no new one.
create table twolane.dead_groups (
  fingerprint text not null,
  queue text not null,
  type text not null,
  count bigint not null,
  first_at timestamptz not null,
  last_at timestamptz not null,
  primary key (fingerprint, queue)
);
create index on twolane.dead_groups (last_at, fingerprint, queue) where count > 0;

-- What each statement changed in `dead`, appended by it and added to the groups each second and before they are read: a
-- counter per group would be a lock that all workers with the same trouble wait for.
create table twolane.dead_tallies (
  fingerprint text not null,
  queue text not null,
  type text not null,
  n int not null,
  first_at timestamptz not null,
  last_at timestamptz not null
);

create function twolane.tally_dead() returns trigger language plpgsql as $$
begin
  insert into twolane.dead_tallies (fingerprint, queue, type, n, first_at, last_at)
    select fingerprint, queue, type, count(*) * case tg_op when 'INSERT' then 1 else -1 end, min(died_at), max(died_at)
    from changed group by fingerprint, queue, type;
  return null;
end $$;
create trigger came after insert on twolane.dead referencing new table as changed
  for each statement execute function twolane.tally_dead();
create trigger went after delete on twolane.dead referencing old table as changed
  for each statement execute function twolane.tally_dead();

create function twolane.roll_up_dead() returns void language sql as $$
  with t as (
    delete from twolane.dead_tallies returning *
  )
  insert into twolane.dead_groups (fingerprint, queue, type, count, first_at, last_at)
    select fingerprint, queue, max(type), sum(n), min(first_at), max(last_at) from t
    group by fingerprint, queue order by fingerprint, queue
  on conflict (fingerprint, queue) do update set count = dead_groups.count + excluded.count,
    first_at = least(dead_groups.first_at, excluded.first_at), last_at = greatest(dead_groups.last_at, excluded.last_at)
$$;

-- Rows of `dead` that somebody gave up, until nobody can change his mind any more. Their jobs are `cancelled` in `done`.
create table twolane.discarded (
  like twolane.dead,
  operation_id bigint,
  expires_at timestamptz not null,
  primary key (id)
);
create index on twolane.discarded (expires_at);
create index on twolane.discarded (operation_id, id) where operation_id is not null;

-- Gives dead jobs up, for good after `window_ms`. Until then those that wait for them are not told. Answers which.
create function twolane.discard(ids bigint[], window_ms bigint, operation bigint default null) returns bigint[] language plpgsql as $$
declare
  given_up bigint[];
  awaited_ids bigint[];
begin
  with gone as (
    delete from twolane.dead where id = any(ids) returning *
  ), kept as (
    insert into twolane.done (id, type, queue, state, reason, attempt, worker, started_at, finished_at)
      select id, type, queue, 'cancelled', 'discarded', attempt, worker, started_at, clock_timestamp() from gone
  ), held as (
    insert into twolane.discarded (id, type, queue, attempt, fence, worker, started_at, died_at, reason, fingerprint, awaited,
        error, operation_id, expires_at)
      select id, type, queue, attempt, fence, worker, started_at, died_at, reason, fingerprint, awaited, error, operation,
        now() + window_ms * interval '1 ms' from gone
  )
  select coalesce(array_agg(id), '{}'), array_agg(id) filter (where awaited) into given_up, awaited_ids from gone;
  perform twolane.note_ends(given_up, 'cancelled');
  if awaited_ids is not null then perform twolane.note_blockers(twolane.parents_of(awaited_ids)); end if;
  return given_up;
end $$;

-- Makes discarded jobs dead again, as if nothing had been. Answers which: those whose time was not over.
create function twolane.restore(ids bigint[]) returns bigint[] language plpgsql as $$
declare
  back bigint[];
  awaited_ids bigint[];
begin
  with gone as (
    delete from twolane.discarded where id = any(ids) and expires_at > now() returning *
  ), undone as (
    delete from twolane.done d using gone where d.id = gone.id and d.id = any(ids)
  ), dead as (
    insert into twolane.dead (id, type, queue, attempt, fence, worker, started_at, died_at, reason, fingerprint, awaited, error)
      select id, type, queue, attempt, fence, worker, started_at, died_at, reason, fingerprint, awaited, error from gone
  )
  select coalesce(array_agg(id), '{}'), array_agg(id) filter (where awaited) into back, awaited_ids from gone;
  if awaited_ids is not null then perform twolane.note_blockers(twolane.parents_of(awaited_ids)); end if;
  return back;
end $$;

-- Discarded jobs that nobody can bring back from now on: those that wait for them are told. Answers which.
create function twolane.forget(ids bigint[]) returns bigint[] language plpgsql as $$
declare
  forgotten bigint[];
  awaited_ids bigint[];
begin
  with gone as (
    delete from twolane.discarded where id = any(ids) returning id, awaited
  )
  select coalesce(array_agg(id), '{}'), array_agg(id) filter (where awaited) into forgotten, awaited_ids from gone;
  if awaited_ids is not null then
    perform twolane.lock_family(awaited_ids);
    perform twolane.tell_parents(awaited_ids, 'cancelled', false);
  end if;
  return forgotten;
end $$;

-- Those whose time is over, at most so many. Answers how many.
create function twolane.forget_discarded(most int) returns int language plpgsql as $$
begin
  return cardinality(twolane.forget(array(
    select id from twolane.discarded where expires_at <= now() order by expires_at limit most for update skip locked)));
end $$;

-- Gives up dead jobs, and those that were discarded a moment ago, with no way back: those that wait for them
-- are told at once. Answers which.
create function twolane.discard_for_good(ids bigint[], operation bigint default null) returns bigint[] language plpgsql as $$
begin
  perform twolane.lock_family(ids);
  perform twolane.discard(ids, 0, operation);
  return twolane.forget(ids);
end $$;

-- What a payload was before somebody edited it. It leaves with its job, like the payload itself; the audit names only the
-- fields that changed.
create table twolane.edits (
  id bigint generated always as identity primary key,
  job_id bigint not null,
  at timestamptz not null default now(),
  audit_id bigint,
  previous jsonb,
  -- Of a large one only this: its file is let go.
  previous_file jsonb
);
create index on twolane.edits (job_id, id);
