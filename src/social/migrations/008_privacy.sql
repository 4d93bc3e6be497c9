-- Private accounts: what they post and comment is for those whom they have let follow them.

create table twolane_social.private_accounts (
  user_id text collate "C" primary key,
  since timestamptz not null default now()
);

-- Who waits to be let in.
create table twolane_social.follow_requests (
  follower_id text collate "C" not null,
  followee_id text collate "C" not null,
  -- The place in the list.
  id bigint not null,
  created_at timestamptz not null default now(),
  primary key (follower_id, followee_id)
);
create unique index follow_requests_of on twolane_social.follow_requests (followee_id, id);

create function twolane_social.is_private(of_user text) returns boolean language sql stable as $$
  select exists (select from twolane_social.private_accounts where user_id = of_user)
$$;

-- Whether the viewer may see what the author shows to everybody.
create function twolane_social.is_open_to(author text, viewer text) returns boolean language sql stable as $$
  select author = viewer or not exists (select from twolane_social.private_accounts where user_id = author)
    or exists (select from twolane_social.follows where follower_id = viewer and followee_id = author)
$$;
