-- What is known of a picture beside its renditions, and the way to find pictures that look the same.
alter table twolane.media
  -- For those who can't see it; by its owner.
  add alt_text text check (length(alt_text) <= 1500),
  -- Looks that were asked for with the upload.
  add filters text[] not null default '{}',
  -- #rrggbb
  add dominant_colour text,
  -- PDQ; null where there is too little to see.
  add perceptual_hash bit(256);

-- An index of the hashes by their sixteen parts of 16 bits. Of two hashes that differ in 31 bits or less, some part differs in
-- one bit at most: seventeen values for each part find all that are as near, however many pictures there are.
create table twolane.media_hash_parts (
  owner_id text not null,
  -- Number of the part times 65,536, plus its value.
  part     int not null,
  media_id bigint not null,
  primary key (owner_id, part, media_id)
);

create function twolane.hash_parts(hash bit(256)) returns int[] language sql immutable as $$
  select array_agg(n * 65536 + substring(hash from n * 16 + 1 for 16)::bit(16)::int) from generate_series(0, 15) as n
$$;

-- Keeps the parts in step with the hashes, as an index would, whoever changes or deletes a row.
create function twolane.index_media_hash() returns trigger language plpgsql as $$
begin
  if tg_op <> 'INSERT' and old.perceptual_hash is not null then
    delete from twolane.media_hash_parts
      where owner_id = old.owner_id and part = any(twolane.hash_parts(old.perceptual_hash)) and media_id = old.id;
  end if;
  if tg_op <> 'DELETE' and new.perceptual_hash is not null then
    insert into twolane.media_hash_parts (owner_id, part, media_id)
      select new.owner_id, part, new.id from unnest(twolane.hash_parts(new.perceptual_hash)) as part;
  end if;
  return null;
end $$;

create trigger media_hash_new after insert on twolane.media for each row
  when (new.perceptual_hash is not null) execute function twolane.index_media_hash();
create trigger media_hash_changed after update of perceptual_hash on twolane.media for each row
  when (old.perceptual_hash is distinct from new.perceptual_hash) execute function twolane.index_media_hash();
create trigger media_hash_gone after delete on twolane.media for each row
  when (old.perceptual_hash is not null) execute function twolane.index_media_hash();
