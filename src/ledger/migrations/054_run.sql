-- Work that did not stop when it was told to: its attempt has ended and its code still runs, until it or its process ends.
create table twolane.overrunning (
  job_id bigint not null,
  fence int not null,
  worker text not null,
  primary key (job_id, fence)
);

-- It came to its end after all.
create function twolane.note_stopped(job bigint, of_fence int) returns void language sql as $$
  with gone as (
    delete from twolane.overrunning where job_id = job and fence = of_fence returning job_id, fence
  )
  update twolane.attempts a set stopped_at = clock_timestamp() from gone where a.job_id = gone.job_id and a.fence = gone.fence
$$;

-- It ended with its process.
create function twolane.note_worker_gone(name text) returns void language sql as $$
  with gone as (
    delete from twolane.overrunning where worker = name returning job_id, fence
  )
  update twolane.attempts a set stopped_at = clock_timestamp() from gone where a.job_id = gone.job_id and a.fence = gone.fence
$$;
