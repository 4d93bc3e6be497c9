-- Why media failed, and contents that are not tried again.

-- What owners are told, written by each process that migrates: src/media/codes.ts has the list.
create table twolane.media_codes (
  code text primary key,
  sentence text not null,
  -- True when the same bytes end the same way as long as the pipeline is the same.
  poison boolean not null
);

-- Version of the pipeline that the latest attempt used; null before the first one.
alter table twolane.media add column pipeline int;

-- One row for each content that failed for what it is, until it comes out well.
create table twolane.media_poison (
  id bigint generated always as identity primary key,
  sha256 text not null unique,
  kind text not null,
  pipeline int not null,
  code text not null,
  -- How many times a media of this content has failed.
  failures int not null default 1,
  -- The latest one.
  media_id bigint not null,
  job_id bigint not null,
  first_at timestamptz not null default now(),
  last_at timestamptz not null default now()
);
create index on twolane.media_poison (code, id);

-- The error as its owner sees it; of a code that is not in the list nothing but that it failed.
create function twolane.media_error(of_code text) returns jsonb language sql stable as $$
  select jsonb_build_object('code', c.code, 'message', c.sentence) from twolane.media_codes c
  where c.code in (of_code, 'processing_failed') order by c.code = of_code desc limit 1
$$;

-- Remembers failed media whose content is at fault.
create function twolane.note_poison(ids bigint[]) returns void language sql as $$
  insert into twolane.media_poison as p (sha256, kind, pipeline, code, media_id, job_id)
    select distinct on (m.sha256) m.sha256, m.kind, m.pipeline, c.code, m.id, m.job_id
    from twolane.media m join twolane.media_codes c on c.code = m.error ->> 'code' and c.poison
    where m.id = any(ids) and m.sha256 is not null and m.pipeline is not null
    order by m.sha256, m.id desc
  on conflict (sha256) do update set kind = excluded.kind, pipeline = excluded.pipeline, code = excluded.code,
    media_id = excluded.media_id, job_id = excluded.job_id, failures = p.failures + 1, last_at = now()
$$;
