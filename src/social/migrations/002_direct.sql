-- Direct messages. A thread's row gives the order: whoever holds its lock draws the next number and the next job.
create table twolane_social.threads (
  id bigint primary key,
  -- SHA-256 of the members: the same people have one thread.
  members_digest bytea not null unique,
  created_by text collate "C" not null,
  last_seq bigint not null default 0,
  created_at timestamptz not null default now()
) with (fillfactor = 70);

create table twolane_social.thread_members (
  thread_id bigint not null references twolane_social.threads,
  user_id text collate "C" not null,
  -- The newest message of this member, and how far the others' messages came: to one of his screens, and to his eyes.
  sent_seq bigint not null default 0,
  delivered_seq bigint not null default 0,
  read_seq bigint not null default 0,
  -- The id of the newest message: the thread's place in the inbox.
  rank bigint not null,
  primary key (thread_id, user_id)
) with (fillfactor = 70);
create index thread_members_inbox on twolane_social.thread_members (user_id, rank);

-- How far a thread was pushed, apart from the row that writers hold. Numbers between pushed_seq and parked_through wait for
-- the job release_job, which goes on after a message that could not be pushed.
create table twolane_social.thread_pushes (
  thread_id bigint primary key references twolane_social.threads,
  pushed_seq bigint not null default 0,
  parked_through bigint not null default 0,
  release_job bigint
) with (fillfactor = 70);

-- What was asked for: a client's message id leads to the number that it was given the first time.
create table twolane_social.direct_sends (
  thread_id bigint not null references twolane_social.threads,
  seq bigint not null,
  sender_id text collate "C" not null,
  client_message_id text collate "C" not null,
  message_id bigint not null,
  job_id bigint not null,
  primary key (thread_id, seq),
  unique (thread_id, sender_id, client_message_id)
);

create table twolane_social.direct_messages (
  thread_id bigint not null,
  seq bigint not null,
  id bigint not null,
  sender_id text collate "C" not null,
  text text not null,
  created_at timestamptz not null,
  primary key (thread_id, seq)
);

-- What happened in a user's threads, numbered without gaps under the lock of the inbox, so that a stream resumes exactly.
create table twolane_social.inboxes (
  user_id text collate "C" primary key,
  last_seq bigint not null default 0
) with (fillfactor = 70);

create table twolane_social.inbox_events (
  user_id text collate "C" not null,
  seq bigint not null,
  kind text not null check (kind in ('message', 'delivered', 'read')),
  thread_id bigint not null,
  actor_id text collate "C" not null,
  message_seq bigint not null,
  primary key (user_id, seq)
);

-- Numbers events for their users, whose inboxes are locked in the order of ids. The last 1,000 of a user stay.
create function twolane_social.tell_inboxes(users text[], kinds text[], threads bigint[], actors text[], seqs bigint[])
returns void language sql as $$
  with given as (
    select t.* from unnest(users, kinds, threads, actors, seqs) with ordinality
      as t(user_id, kind, thread_id, actor_id, message_seq, place)
  ), counted as (
    select user_id collate "C" as user_id, count(*) as n from given group by 1
  ), numbered as (
    insert into twolane_social.inboxes as i (user_id, last_seq) select user_id, n from counted order by user_id
    on conflict (user_id) do update set last_seq = i.last_seq + excluded.last_seq returning i.user_id, i.last_seq
  ), pruned as (
    delete from twolane_social.inbox_events e using numbered b join counted c on c.user_id = b.user_id
    where e.user_id = b.user_id and b.last_seq % 100 < c.n and e.seq <= b.last_seq - 1000
  )
  insert into twolane_social.inbox_events (user_id, seq, kind, thread_id, actor_id, message_seq)
  select g.user_id, b.last_seq - c.n + row_number() over (partition by g.user_id order by g.place),
    g.kind, g.thread_id, g.actor_id, g.message_seq
  from given g join counted c on c.user_id = g.user_id join numbered b on b.user_id = g.user_id
$$;

-- Pushes one message into the inboxes of its thread, if it is the next one: answers the members, nobody when it is not.
-- `quiet` says that a notification of this sender is open already.
create function twolane_social.push_message(of_thread bigint, of_seq bigint)
returns table (user_id text, sender_id text, quiet boolean) language plpgsql as $$
#variable_conflict use_column
declare
  sent twolane_social.direct_sends;
  members text[];
begin
  update twolane_social.thread_pushes set pushed_seq = of_seq where thread_id = of_thread and pushed_seq = of_seq - 1;
  if not found then return; end if;
  select * into sent from twolane_social.direct_sends where thread_id = of_thread and seq = of_seq;
  perform from twolane_social.thread_members where thread_id = of_thread order by user_id for update;
  update twolane_social.thread_members m set rank = greatest(rank, sent.message_id),
    sent_seq = case when m.user_id = sent.sender_id then of_seq else sent_seq end,
    delivered_seq = case when m.user_id = sent.sender_id then greatest(delivered_seq, of_seq) else delivered_seq end,
    read_seq = case when m.user_id = sent.sender_id then greatest(read_seq, of_seq) else read_seq end
  where thread_id = of_thread;
  members := array(select m.user_id from twolane_social.thread_members m where thread_id = of_thread);
  perform twolane_social.tell_inboxes(members, array_fill('message'::text, array[cardinality(members)]),
    array_fill(of_thread, array[cardinality(members)]), array_fill(sent.sender_id, array[cardinality(members)]),
    array_fill(of_seq, array[cardinality(members)]));
  return query
    select m, sent.sender_id, m = sent.sender_id or exists (
      select from twolane_social.notification_actors a join twolane_social.notifications n on n.id = a.notification_id
      where a.user_id = m and a.kind = 'message' and a.object_id = of_thread::text and a.actor_id = sent.sender_id
        and n.read_at is null)
    from unnest(members) m;
end $$;

-- Moves what has come to members' screens, or was read by them, and tells those whose messages are concerned; a reader also
-- his own other screens. Answers whom to wake.
create function twolane_social.mark_seen(what text, threads bigint[], users text[], seqs bigint[])
returns setof text language plpgsql as $$
#variable_conflict use_column
declare
  told record;
begin
  perform from twolane_social.thread_members m join unnest(threads, users) g(t, u) on m.thread_id = t and m.user_id = u
  order by m.thread_id, m.user_id for update of m;
  with given as (
    select t, u collate "C" as u, max(s) as s from unnest(threads, users, seqs) as g(t, u, s) group by 1, 2
  ), before as (
    select m.thread_id, m.user_id, g.s, case what when 'read' then m.read_seq else m.delivered_seq end as old
    from given g join twolane_social.thread_members m on m.thread_id = g.t and m.user_id = g.u
  ), moved as (
    update twolane_social.thread_members m set delivered_seq = greatest(m.delivered_seq, b.s),
      read_seq = case what when 'read' then b.s else m.read_seq end
    from before b where m.thread_id = b.thread_id and m.user_id = b.user_id and b.s > b.old
    returning m.thread_id, m.user_id, b.s, b.old
  ), heard as (
    select o.user_id, m.thread_id, m.user_id as actor_id, m.s
    from moved m join twolane_social.thread_members o on o.thread_id = m.thread_id
    where (o.user_id <> m.user_id and o.sent_seq > m.old) or (what = 'read' and o.user_id = m.user_id)
  )
  select array_agg(user_id) as users, array_agg(thread_id) as threads, array_agg(actor_id) as actors, array_agg(s) as seqs
  into told from heard;
  if told.users is null then return; end if;
  perform twolane_social.tell_inboxes(told.users, array_fill(what, array[cardinality(told.users)]), told.threads, told.actors, told.seqs);
  return query select distinct u from unnest(told.users) u;
end $$;
