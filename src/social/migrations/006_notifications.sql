-- Notifications beyond the list: what users want to hear and where, what was announced, and why or why not.
create table twolane_social.notification_preferences (
  user_id text collate "C" primary key,
  settings jsonb not null
);

-- Where a user is reached outside of the app: any number of browsers, one e-mail address, one webhook.
create table twolane_social.notification_targets (
  id bigint primary key,
  user_id text collate "C" not null,
  channel text not null check (channel in ('push', 'email', 'webhook')),
  address text not null,
  -- Deliveries to one destination share its limits and pauses: the server, not the address.
  destination text not null,
  -- Of a browser {p256dh, auth}, of a webhook {secret}, of an e-mail address {unsubscribe}, its secret, or what confirms it {digest, expiresAt, tries}.
  keys jsonb not null,
  confirmed boolean not null default true,
  created_at timestamptz not null default now()
);
create index notification_targets_by_user on twolane_social.notification_targets (user_id, channel);
create unique index notification_targets_single on twolane_social.notification_targets (user_id, channel) where channel <> 'push';
-- An endpoint is one browser's: whoever signs in there takes it over.
create unique index notification_targets_browser on twolane_social.notification_targets (address) where channel = 'push';

-- What the channels were told, numbered per user without gaps, so that a stream resumes exactly. The text is as it was then.
create table twolane_social.announcements (
  user_id text collate "C" not null,
  seq bigint not null,
  notification_id bigint not null,
  kind text not null,
  class text not null,
  in_app boolean not null,
  object_id text collate "C" not null,
  text text not null,
  count integer not null,
  at timestamptz not null,
  primary key (user_id, seq)
);

create table twolane_social.announcement_counts (
  user_id text collate "C" primary key,
  last_seq bigint not null default 0
) with (fillfactor = 70);

create table twolane_social.notification_deliveries (
  id bigint generated always as identity primary key,
  user_id text collate "C" not null,
  notification_id bigint not null,
  channel text not null,
  target_id bigint not null,
  message jsonb not null,
  state text not null default 'pending' check (state in ('pending', 'sent', 'failed', 'gone', 'skipped', 'expired')),
  detail text,
  at timestamptz not null,
  settled_at timestamptz
) with (fillfactor = 80);
create index notification_deliveries_of on twolane_social.notification_deliveries (notification_id);
create index notification_deliveries_age on twolane_social.notification_deliveries (at);

-- A server that asked for a break: nothing goes there before.
create table twolane_social.notification_pauses (
  destination text primary key,
  until timestamptz not null
);

-- What the gates said: of an event (`actor_id` set) or of a notification whose time had come.
create table twolane_social.notification_decisions (
  id bigint generated always as identity primary key,
  user_id text collate "C" not null,
  notification_id bigint,
  kind text not null,
  object_id text collate "C" not null,
  actor_id text collate "C",
  outcome text not null,
  steps jsonb not null,
  at timestamptz not null
);
create index notification_decisions_of on twolane_social.notification_decisions (notification_id, id);
create index notification_decisions_about on twolane_social.notification_decisions (user_id, object_id, actor_id, id);
create index notification_decisions_newest on twolane_social.notification_decisions (user_id, id);
create index notification_decisions_age on twolane_social.notification_decisions (at);

create table twolane_social.comment_mentions (
  comment_id bigint not null references twolane_social.comments,
  user_id text collate "C" not null,
  post_id bigint not null,
  author_id text collate "C" not null,
  primary key (comment_id, user_id)
);
create index comment_mentions_by_post on twolane_social.comment_mentions (post_id, author_id, user_id);

-- Adds actors to a user's unread notification, which is made if there is none, as one change of its row. Answers each actor with
-- the notification that he is in, and his rank there if he is new: he counts once, unless the kind `repeats` and the last was read.
create function twolane_social.join_notification(of_user text, of_kind text, of_object text, called text, actors text[], repeats boolean)
returns table (actor_id text, notification_id bigint, rank bigint, announced_at timestamptz) language plpgsql as $$
#variable_conflict use_column
declare
  open twolane_social.notifications;
  fresh text[];
  ranks bigint[];
begin
  select * into open from twolane_social.notifications n
  where n.user_id = of_user and n.kind = of_kind and n.object_id = of_object and n.read_at is null for update;
  return query
    select a.actor_id, a.notification_id, null::bigint, null::timestamptz from twolane_social.notification_actors a
    where a.user_id = of_user and a.kind = of_kind and a.object_id = of_object and a.actor_id = any(actors)
      and (not repeats or a.notification_id = open.id);
  fresh := array(
    select g.id from unnest(actors) with ordinality g(id, place) where not exists (
      select from twolane_social.notification_actors a
      where a.user_id = of_user and a.kind = of_kind and a.object_id = of_object and a.actor_id = g.id
        and (not repeats or a.notification_id = open.id))
    order by g.place);
  if cardinality(fresh) = 0 then return; end if;
  ranks := array(select n from twolane.next_ids(cardinality(fresh)) n order by n);
  insert into twolane_social.notifications as n (id, user_id, kind, object_id, noun, actor_count, rank)
  values (ranks[1], of_user, of_kind, of_object, called, cardinality(fresh), ranks[cardinality(fresh)])
  on conflict (user_id, kind, object_id) where read_at is null
  do update set actor_count = n.actor_count + excluded.actor_count, rank = greatest(n.rank, excluded.rank), created_at = now()
  returning n.* into open;
  -- Somebody else has made the row meanwhile, and drawn later: what was announced must not be thought to be beyond these.
  if open.rank > ranks[cardinality(fresh)] then
    ranks := array(select n from twolane.next_ids(cardinality(fresh)) n order by n);
    update twolane_social.notifications set rank = ranks[cardinality(fresh)] where id = open.id;
  end if;
  insert into twolane_social.notification_actors as a (user_id, kind, object_id, actor_id, notification_id, rank)
  select of_user, of_kind, of_object, f.id, open.id, f.rank from unnest(fresh, ranks) f(id, rank)
  on conflict (user_id, kind, object_id, actor_id) do update set notification_id = excluded.notification_id, rank = excluded.rank;
  return query select f.id, open.id, f.rank, open.announced_at from unnest(fresh, ranks) f(id, rank);
end $$;

-- Tells the channels of a notification: numbers the announcement under the lock of its user's count, and writes a delivery per
-- target. Actors beyond the rank `through` are left for another time; null: nobody is. The last 500 announcements of a user stay.
create function twolane_social.announce(of_notification bigint, through bigint, of_class text, for_app boolean, of_message jsonb, targets bigint[])
returns table (id bigint, channel text, destination text) language plpgsql as $$
#variable_conflict use_column
declare
  told twolane_social.notifications;
  number bigint;
begin
  update twolane_social.notifications n set announced_at = clock_timestamp(), announced_rank = coalesce(through, rank)
  where n.id = of_notification returning n.* into told;
  insert into twolane_social.announcement_counts as c (user_id, last_seq) values (told.user_id, 1)
  on conflict (user_id) do update set last_seq = c.last_seq + 1 returning last_seq into number;
  insert into twolane_social.announcements (user_id, seq, notification_id, kind, class, in_app, object_id, text, count, at)
  values (told.user_id, number, told.id, told.kind, of_class, for_app, told.object_id, of_message ->> 'text',
    (of_message ->> 'count')::int, told.announced_at);
  if number % 50 = 0 then
    delete from twolane_social.announcements a where a.user_id = told.user_id and a.seq <= number - 500;
  end if;
  return query
    with made as (
      insert into twolane_social.notification_deliveries as d (user_id, notification_id, channel, target_id, message, at)
      select told.user_id, told.id, t.channel, t.id, of_message, told.announced_at
      from twolane_social.notification_targets t where t.id = any(targets) order by t.id
      returning d.id, d.target_id)
    select m.id, t.channel, t.destination from made m join twolane_social.notification_targets t on t.id = m.target_id;
end $$;
