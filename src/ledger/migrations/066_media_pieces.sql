-- Videos that are encoded in pieces, each by a job of its own.

-- {since, run, durationS, rungs: {first, rest}, doneS: {first, rest, sound}}, the first two where there are pieces; null for all
-- other media.
alter table twolane.media add column pieces jsonb;

-- Media that failed: nobody is shown what there was of them, and its files go with the next sweep.
create function twolane.drop_pieces(ids bigint[]) returns void language sql as $$
  insert into twolane.loose_files (key, since)
    select key, now() - interval '1 day' from twolane.media m,
      unnest(array['work/' || m.job_id || '/' || (m.pieces ->> 'run'), m.prefix]) key
    where m.id = any(ids) and key is not null
    on conflict do nothing;
  update twolane.media set pieces = null, prefix = null, placeholder = null, renditions = '[]', video = null
    where id = any(ids) and (pieces is not null or prefix is not null)
$$;

-- The media of a job are ready: their pieces are not needed any more.
create function twolane.forget_pieces(of_job bigint) returns void language sql as $$
  insert into twolane.loose_files (key, since)
    select 'work/' || of_job, now() - interval '1 day' from twolane.media m
    where m.job_id = of_job and m.pieces ? 'run' limit 1
    on conflict do nothing;
  update twolane.media set pieces = null where job_id = of_job and pieces is not null
$$;
