-- Photos and videos: one row each, from the upload to the removal. The bytes are in the file store.
create table twolane.media (
  id            bigint primary key,
  owner_id      text not null check (length(owner_id) between 1 and 64),
  -- Of the API key that handed it in, for its webhooks; null for all others.
  tenant        text,
  -- This and what follows of the original is null until its bytes are in the file store.
  kind          text check (kind in ('image', 'video')),
  state         text not null default 'processing' check (state in ('processing', 'ready', 'failed')),
  job_id        bigint not null,
  content_type  text,
  bytes         bigint,
  sha256        text,
  -- Key of the uploaded bytes; never served.
  original_key  text,
  -- {url} or {key} from which the bytes have yet to come.
  source        jsonb,
  -- Upright size of the original in pixels; known once it was decoded.
  width         int,
  height        int,
  placeholder   text,
  -- Folder of what is served; it carries 128 random bits and the fence of the attempt that made it.
  prefix        text,
  -- [{name, format, width, height, bytes}], the largest first.
  renditions    jsonb not null default '[]',
  -- {durationMs, hls, poster}; the last two are names below prefix.
  video         jsonb,
  metadata      jsonb,
  -- {code, message}
  error         jsonb,
  created_at    timestamptz not null default now(),
  settled_at    timestamptz,
  -- Set before the bytes are removed, so that a removal that was cut short can be finished.
  removed_at    timestamptz
);

create index media_owner on twolane.media (owner_id, id desc) where removed_at is null;
create index media_jobs on twolane.media (job_id) where state = 'processing';
create index media_removed on twolane.media (removed_at) where removed_at is not null;
