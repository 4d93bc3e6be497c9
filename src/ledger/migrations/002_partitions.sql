-- Daily partitions (UTC), made ahead of time: a job goes into that of the day on which it was enqueued.
create function twolane.make_partitions(days_ahead int default 7) returns int language plpgsql as $$
declare
  parent text;
  day timestamptz;
  made int := 0;
  name text;
begin
  perform pg_advisory_xact_lock('twolane.jobs'::regclass::oid::int, 0);
  foreach parent in array array['jobs', 'done', 'attempts', 'logs'] loop
    for day in select generate_series(date_trunc('day', now(), 'UTC'), now() + days_ahead * interval '24 hours', '24 hours') loop
      name := parent || '_' || to_char(day at time zone 'UTC', 'YYYYMMDD');
      if to_regclass('twolane.' || name) is null then
        execute format('create table twolane.%I partition of twolane.%I for values from (%s) to (%s)',
          name, parent, twolane.id_at(day), twolane.id_at(day + interval '24 hours'));
        made := made + 1;
      end if;
    end loop;
  end loop;
  return made;
end $$;
select twolane.make_partitions();
