-- What a message is asked before it is written, in one call: whether it may be, whether it was, and its number.

-- Whatever changes between two people happens one after another.
create function twolane_social.lock_pair(a text, b text) returns void language sql as $$
  select pg_advisory_xact_lock(hashtextextended(least(a collate "C", b collate "C") || e'\n' || greatest(a collate "C", b collate "C"), 2))
$$;

create function twolane_social.are_apart(a text, b text) returns boolean language sql stable as $$
  select exists (select from twolane_social.blocks
    where (blocker_id = a and blocked_id = b) or (blocker_id = b and blocked_id = a))
$$;

-- Answers `absent` to who is not in the thread, `blocked` in a thread of two who are apart (beyond two, one member can not
-- silence another), `sent` with what this client's id was given before, or `new` with an id and the next number. The thread's
-- row is locked from then on, so that numbers and what is enqueued with them come in one order for all. In plpgsql each
-- statement sees what was committed while the one before it waited.
create function twolane_social.begin_send(of_thread bigint, by_user text, client_id text, in_shard int)
returns table (standing text, id bigint, seq bigint) language plpgsql as $$
#variable_conflict use_column
declare
  others text[];
  taken bigint;
  earlier twolane_social.direct_sends;
  drawn bigint;
begin
  others := array(select m.user_id from twolane_social.thread_members m where m.thread_id = of_thread and m.user_id <> by_user);
  if not exists (select from twolane_social.thread_members m where m.thread_id = of_thread and m.user_id = by_user) then
    return query select 'absent', null::bigint, null::bigint;
    return;
  end if;
  if cardinality(others) = 1 then
    perform twolane_social.lock_pair(by_user, others[1]);
    if twolane_social.are_apart(by_user, others[1]) then
      return query select 'blocked', null::bigint, null::bigint;
      return;
    end if;
  end if;
  select t.last_seq into taken from twolane_social.threads t where t.id = of_thread for update;
  select * into earlier from twolane_social.direct_sends s
  where s.thread_id = of_thread and s.sender_id = by_user and s.client_message_id = client_id;
  if found then
    return query select 'sent', earlier.message_id, earlier.seq;
    return;
  end if;
  select n into drawn from twolane.next_ids(1, in_shard) n;
  return query select 'new', drawn, taken + 1;
end $$;
