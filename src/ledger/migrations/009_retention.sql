-- Drops weekly partitions that ended before the retention time and hold no job that is alive or dead (those may be
-- retried), or discarded a moment ago.
create function twolane.drop_partitions(retention_days int) returns int language plpgsql as $$
declare
  part record;
  week timestamptz;
  dropped int := 0;
begin
  perform pg_advisory_xact_lock(1, 1);
  for part in
    select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid join pg_class p on p.oid = i.inhparent
    join pg_namespace n on n.oid = p.relnamespace
    where n.nspname = 'twolane' and p.relname in ('jobs', 'done', 'attempts', 'logs') and c.relname ~ '_\d{8}$'
  loop
    week := to_date(right(part.name, 8), 'YYYYMMDD')::timestamp at time zone 'UTC';
    continue when week + interval '1 week' > now() - retention_days * interval '1 day';
    continue when exists (select from twolane.live where id >= twolane.id_at(week) and id < twolane.id_at(week + interval '1 week'));
    continue when exists (select from twolane.dead where id >= twolane.id_at(week) and id < twolane.id_at(week + interval '1 week'));
    continue when exists (select from twolane.discarded where id >= twolane.id_at(week) and id < twolane.id_at(week + interval '1 week'));
    execute format('drop table twolane.%I', part.name);
    dropped := dropped + 1;
  end loop;
  return dropped;
end $$;
