/** The time of a test in SQL. */

/**
 * In front of PostgreSQL's own functions: found first by the search path, so that migrations, column defaults and functions
 * take them without knowing.
 */
export const virtualTime = `
  create schema twolane_time;

  create function twolane_time.now() returns timestamptz language sql stable as $$
    select current_setting('twolane_time.now')::timestamptz
  $$;
  create function twolane_time.clock_timestamp() returns timestamptz language sql as $$
    select current_setting('twolane_time.now')::timestamptz
  $$;
  -- The server has been up for ever, or nobody would be judged dead within the first lease.
  create function twolane_time.pg_postmaster_start_time() returns timestamptz language sql stable as $$
    select timestamptz '2000-01-01 00:00:00Z'
  $$;

  -- All processes of a test share one session, in which an advisory lock excludes nobody: who holds what is a table instead.
  create table twolane_time.locks (class int, id int, holder int not null, primary key (class, id));
  create function twolane_time.pg_try_advisory_xact_lock(class int, id int) returns boolean language sql as $$
    select not exists (select from twolane_time.locks l where l.class = $1 and l.id = $2)
  $$;`;

/** The next moment at which time alone changes something in the ledger; null while nothing lies ahead. */
export const nextMoment = `
  select extract(epoch from min(at)) * 1000 as at from (
    select min(due_at) from twolane.live where due_at > now()
    union all select min(expires_at) from twolane.live where state <> 'running' and expires_at > now()
    union all select min(next_at) from twolane.schedules where enabled and next_at > now()
    union all select min(retry_at) from twolane.schedules where enabled and retry_at > now()
    union all select min(until) from twolane.starts where until > now() and exists (select from twolane.live where in_line is not null)
    union all select min(look_at) from twolane.stepped_aside where look_at > now()
    union all select min(expires_at) from twolane.discarded where expires_at > now()
  ) moments(at)`;
