-- Dispatchers that went silent. Each asks something twice a second on the connection that holds its queues, so one that has
-- asked nothing for long is frozen or cut off, and its connection, with the locks of its queues, may stay for hours.

-- Ends the connections of silent dispatchers, so that others can take their queues. Answers how many there were.
create function twolane.unseat(silent_ms int) returns int language sql as $$
  select count(pg_terminate_backend(silent.pid))::int from (
    select distinct a.pid from pg_locks l join pg_stat_activity a on a.pid = l.pid
    where l.locktype = 'advisory' and l.classid = 'twolane.queues'::regclass::oid and l.objsubid = 2 and l.granted
      and l.database = (select oid from pg_database where datname = current_database())
      and a.state = 'idle' and a.state_change < clock_timestamp() - silent_ms * interval '1 ms') silent
$$;
