-- Uploads under way, what owners and tenants take up, and media that share their bytes.

-- One row from before the first byte is written until the media's row has it: what a crash leaves behind is found by it.
create table twolane.uploads (
  id          text primary key check (id ~ '^[0-9a-f]{32}$'),
  -- `form` and `fetch` write `key` at one go; `tus` writes parts; to `presigned` the client writes without us.
  kind        text not null check (kind in ('form', 'fetch', 'tus', 'presigned')),
  owner_id    text not null check (length(owner_id) between 1 and 64),
  tenant      text,
  -- Of the whole file, as announced; null when nobody could say.
  bytes       bigint check (bytes >= 0),
  -- What it counts in its owner's quota: nothing any more once its media counts.
  held        bigint not null check (held >= 0),
  received    bigint not null default 0,
  -- [{key, bytes}] in the order of the file.
  parts       jsonb not null default '[]',
  key         text,
  metadata    jsonb,
  -- What its media is to have.
  alt_text    text,
  filters     text[] not null default '{}',
  -- Announced by the client, hex.
  sha256      text,
  -- All of it is here and became this media, which may yet have to take the bytes over.
  media_id    bigint,
  created_at  timestamptz not null default now(),
  expires_at  timestamptz not null
);

create index uploads_expire on twolane.uploads (expires_at);
create index uploads_media on twolane.uploads (media_id) where media_id is not null;

-- Who writes to an upload right now. Worth nothing after a crash of the server.
create unlogged table twolane.upload_locks (
  id      text primary key,
  holder  text not null,
  until   timestamptz not null,
  -- Somebody else waits: the holder lets go as soon as it can.
  wanted  boolean not null default false
);

-- True when the lock is now this holder's. Else the one who has it is asked to let go.
create function twolane.take_upload_lock(upload text, who text, lease_ms int) returns boolean language plpgsql as $$
begin
  insert into twolane.upload_locks as l (id, holder, until)
    values (upload, who, clock_timestamp() + lease_ms * interval '1 ms')
    on conflict (id) do update set holder = excluded.holder, until = excluded.until, wanted = false
      where l.until < clock_timestamp();
  if found then return true; end if;
  update twolane.upload_locks set wanted = true where id = upload and not wanted;
  return false;
end $$;

-- What the media and the uploads of an owner, and of a tenant, take up. Several rows each, so that writers seldom meet.
create table twolane.media_usage (
  scope    text not null check (scope in ('owner', 'tenant')),
  name     text not null,
  stripe   smallint not null,
  bytes    bigint not null,
  uploads  bigint not null,
  primary key (scope, name, stripe)
);

create function twolane.count_usage(owner text, of_tenant text, more_bytes bigint, more_uploads int) returns void
language sql as $$
  insert into twolane.media_usage as u (scope, name, stripe, bytes, uploads)
    select s.scope, s.name, pg_backend_pid() % 16, more_bytes, more_uploads
    from (values ('owner', owner), ('tenant', of_tenant)) s(scope, name)
    where s.name is not null and (more_bytes <> 0 or more_uploads <> 0) order by s.scope
    on conflict (scope, name, stripe) do update set bytes = u.bytes + excluded.bytes, uploads = u.uploads + excluded.uploads
$$;

create function twolane.count_media() returns trigger language plpgsql as $$
declare
  before bigint := 0;
  after bigint := 0;
begin
  if tg_op <> 'INSERT' and old.removed_at is null then before := coalesce(old.bytes, 0); end if;
  if tg_op <> 'DELETE' and new.removed_at is null then after := coalesce(new.bytes, 0); end if;
  if before <> after then
    perform twolane.count_usage(coalesce(new.owner_id, old.owner_id), coalesce(new.tenant, old.tenant), after - before, 0);
  end if;
  return null;
end $$;

create trigger media_usage after insert or delete or update of bytes, removed_at on twolane.media
  for each row execute function twolane.count_media();

create function twolane.count_upload() returns trigger language plpgsql as $$
declare
  bytes bigint := 0;
  uploads int := 0;
begin
  -- What a job fetches was accepted before; only what clients send counts as an upload under way.
  if tg_op <> 'INSERT' then
    bytes := bytes - old.held;
    if old.media_id is null and old.kind <> 'fetch' then uploads := uploads - 1; end if;
  end if;
  if tg_op <> 'DELETE' then
    bytes := bytes + new.held;
    if new.media_id is null and new.kind <> 'fetch' then uploads := uploads + 1; end if;
  end if;
  perform twolane.count_usage(coalesce(new.owner_id, old.owner_id), coalesce(new.tenant, old.tenant), bytes, uploads);
  return null;
end $$;

create trigger upload_usage after insert or delete or update of held, media_id on twolane.uploads
  for each row execute function twolane.count_upload();

-- The first quota that more would break: null when there is none. Quotas are null where nothing is limited. Those who ask for
-- one owner or tenant go one after another until their transaction ends.
create function twolane.broken_quota(owner text, of_tenant text, more_bytes bigint, more_uploads int, quotas jsonb)
returns text language plpgsql as $$
declare
  one record;
  used record;
begin
  for one in
    select s.scope, s.name, (quotas -> s.scope ->> 'bytes')::bigint as bytes, (quotas -> s.scope ->> 'uploads')::bigint as uploads
    from (values ('owner', owner), ('tenant', of_tenant)) s(scope, name) where s.name is not null order by s.scope
  loop
    continue when one.bytes is null and one.uploads is null;
    perform pg_advisory_xact_lock(hashtextextended('media quota ' || one.scope || ' ' || one.name, 0));
    select coalesce(sum(u.bytes), 0) as bytes, coalesce(sum(u.uploads), 0) as uploads into used
      from twolane.media_usage u where u.scope = one.scope and u.name = one.name;
    if more_uploads > 0 and used.uploads + more_uploads > one.uploads then return one.scope || '_uploads'; end if;
    if more_bytes > 0 and used.bytes + more_bytes > one.bytes then return one.scope || '_bytes'; end if;
  end loop;
  return null;
end $$;

-- Media with the same bytes, of one owner: found by the hash.
create index media_same on twolane.media (owner_id, sha256) where removed_at is null;
create index media_of_job on twolane.media (job_id) where removed_at is null;

-- Who adds, joins or removes a media of these bytes goes one after another, until the transaction ends.
create function twolane.lock_same_media(owner text, hash text) returns void language sql as $$
  select pg_advisory_xact_lock(hashtextextended('same media ' || owner || ' ' || hash, 0))
$$;

-- A media of the owner with these bytes that is ready or will be, if there is one; its row and the hash are locked then.
create function twolane.same_media(owner text, in_tenant text, hash text) returns bigint language plpgsql as $$
declare
  found_id bigint;
begin
  perform twolane.lock_same_media(owner, hash);
  select m.id into found_id from twolane.media m
    where m.owner_id = owner and m.sha256 = hash and m.removed_at is null and m.state <> 'failed'
      and m.original_key is not null and m.tenant is not distinct from in_tenant
    order by m.id limit 1 for update;
  return found_id;
end $$;

-- Gives a media all that another one of the same bytes has and will have: its original, its job, its renditions.
create function twolane.join_media(joining bigint, other bigint) returns table (job_id bigint, state text, kind text)
language plpgsql as $$
declare
  mine twolane.media;
  theirs twolane.media;
begin
  delete from twolane.media m where m.id = joining and m.original_key is null and m.removed_at is null returning * into mine;
  if not found then return; end if;
  select * into strict theirs from twolane.media m where m.id = other;
  -- What is the media's own; all other columns come from the bytes.
  theirs.id := mine.id;
  theirs.metadata := mine.metadata;
  theirs.alt_text := mine.alt_text;
  theirs.filters := mine.filters;
  theirs.created_at := mine.created_at;
  insert into twolane.media select theirs.*;
  if theirs.state = 'ready' then perform twolane.tell_media('media.ready', array[joining]); end if;
  return query select theirs.job_id, theirs.state, theirs.kind;
end $$;

-- Hides a media of an owner for good. `shared`: another one still needs the bytes and the job.
create function twolane.hide_media(media bigint, owner text) returns table (shared boolean) language plpgsql as $$
declare
  hash text;
begin
  select coalesce(m.sha256, m.id::text) into hash from twolane.media m where m.id = media and m.owner_id = owner;
  if not found then return; end if;
  perform twolane.lock_same_media(owner, hash);
  update twolane.media m set removed_at = coalesce(m.removed_at, now()) where m.id = media;
  return query select exists (
    select from twolane.media o join twolane.media m on m.id = media
    where o.owner_id = owner and o.sha256 = hash and o.removed_at is null and o.original_key = m.original_key);
end $$;
