-- Folders of renditions from before they are put in place until the commit that shows them: what a crash leaves behind is found.
create table twolane.media_folders (
  prefix     text primary key,
  written_at timestamptz not null default now()
);
create index on twolane.media_folders (written_at);

-- Those of the new renditions whose names are not in a list yet.
create function twolane.missing_renditions(present jsonb, new jsonb) returns jsonb language sql immutable as $$
  select coalesce(jsonb_agg(n.one order by n.place), '[]') from jsonb_array_elements(new) with ordinality n(one, place)
    where not exists (select from jsonb_array_elements(present) has where has -> 'name' = n.one -> 'name')
$$;
