-- The social product's tables. User ids are text, because a product may bring its own; they sort bytewise.
create schema if not exists twolane_social;

create table twolane_social.users (
  id bigint primary key,
  username text not null,
  password_hash text not null,
  -- Made up by `npm run seed`: the demo page lets anybody be this person.
  seeded boolean not null default false,
  created_at timestamptz not null default now()
);
create index users_seeded on twolane_social.users (id) where seeded;
create unique index users_username on twolane_social.users (lower(username));

-- Apart from users, so that users of another product have counts too.
create table twolane_social.user_counts (
  user_id text collate "C" primary key,
  follower_count integer not null default 0 check (follower_count >= 0),
  -- Followers who have left, ever: a walk over the followers sees whether one did meanwhile.
  followers_lost integer not null default 0,
  following_count integer not null default 0 check (following_count >= 0),
  post_count integer not null default 0 check (post_count >= 0)
) with (fillfactor = 70);

create table twolane_social.follows (
  follower_id text collate "C" not null,
  followee_id text collate "C" not null,
  created_at timestamptz not null default now(),
  primary key (follower_id, followee_id),
  check (follower_id <> followee_id)
);
create unique index follows_by_followee on twolane_social.follows (followee_id, follower_id);

create table twolane_social.blocks (
  blocker_id text collate "C" not null,
  blocked_id text collate "C" not null,
  created_at timestamptz not null default now(),
  primary key (blocker_id, blocked_id),
  check (blocker_id <> blocked_id)
);
create unique index blocks_by_blocked on twolane_social.blocks (blocked_id, blocker_id);

create table twolane_social.posts (
  id bigint primary key,
  author_id text collate "C" not null,
  caption text not null,
  -- What a notification calls it: photo, video or post.
  noun text not null,
  state text not null default 'pending' check (state in ('pending', 'published', 'failed', 'deleted')),
  -- Why it failed: {code, message}.
  error jsonb,
  -- Who may see it beside its author; with `me` it is in nobody's feed.
  audience text not null default 'everyone' check (audience in ('everyone', 'followers', 'me')),
  -- Decided when it is published, for good: it is not written into feeds but merged as they are read.
  merged boolean not null default false,
  job_id bigint not null,
  like_count integer not null default 0 check (like_count >= 0),
  comment_count integer not null default 0 check (comment_count >= 0),
  created_at timestamptz not null default now(),
  published_at timestamptz
) with (fillfactor = 80);
create index posts_by_author on twolane_social.posts (author_id, id) include (merged, audience) where state = 'published';

create table twolane_social.post_media (
  post_id bigint not null references twolane_social.posts,
  position smallint not null,
  media_id bigint not null,
  primary key (post_id, position)
);
create index post_media_by_media on twolane_social.post_media (media_id);

create table twolane_social.likes (
  post_id bigint not null references twolane_social.posts,
  user_id text collate "C" not null,
  created_at timestamptz not null default now(),
  primary key (post_id, user_id)
);

create table twolane_social.comments (
  id bigint primary key,
  post_id bigint not null references twolane_social.posts,
  author_id text collate "C" not null,
  text text not null,
  created_at timestamptz not null default now()
);
create index comments_by_post on twolane_social.comments (post_id, id);
create index comments_by_author on twolane_social.comments (post_id, author_id);

-- One row per walk over an author's followers, by the job that walks: how far it came, and under which fence.
create table twolane_social.fan_outs (
  job_id bigint primary key,
  post_id bigint not null references twolane_social.posts,
  pass text not null check (pass in ('deliver', 'retract')),
  fence bigint not null,
  -- Of the author, when it began.
  followers integer not null,
  cursor text collate "C" not null default '',
  pages integer not null default 0,
  pages_done integer not null default 0,
  feeds integer not null default 0,
  delivered integer not null default 0,
  finished boolean not null default false,
  -- Every page is done, or a change of the post has overtaken it.
  ended boolean not null default false,
  started_at timestamptz not null default now()
);
create index fan_outs_by_post on twolane_social.fan_outs (post_id, job_id);
create index fan_outs_in_progress on twolane_social.fan_outs (job_id) where not ended;

-- One row per (user, kind, object) that is unread; reading it closes the group, the next event opens another.
create table twolane_social.notifications (
  id bigint primary key,
  user_id text collate "C" not null,
  kind text not null,
  object_id text collate "C" not null,
  noun text,
  actor_count integer not null check (actor_count >= 0),
  -- The id drawn at the newest event: the place in the list.
  rank bigint not null,
  -- False: its user wants none of its kind in the app.
  listed boolean not null default true,
  -- When the channels were told last, and the newest event that they know of.
  announced_at timestamptz,
  announced_rank bigint not null default 0,
  created_at timestamptz not null default now(),
  read_at timestamptz,
  unread boolean not null generated always as (read_at is null) stored
) with (fillfactor = 80);
create unique index notifications_open on twolane_social.notifications (user_id, kind, object_id) where read_at is null;
create index notifications_by_user on twolane_social.notifications (user_id, unread, rank) where listed;

-- Who is behind a notification. An actor counts once per object, also after the notification was read.
create table twolane_social.notification_actors (
  user_id text collate "C" not null,
  kind text not null,
  object_id text collate "C" not null,
  actor_id text collate "C" not null,
  notification_id bigint not null references twolane_social.notifications on delete cascade,
  rank bigint not null,
  primary key (user_id, kind, object_id, actor_id)
);
create index notification_actors_newest on twolane_social.notification_actors (notification_id, rank);
