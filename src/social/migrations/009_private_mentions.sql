-- Mentions that their users may not see any more: by a private account that they do not follow, or under its posts.

create index comment_mentions_by_author on twolane_social.comment_mentions (author_id, user_id);

-- Whether what the actor wrote under a post is open to somebody whom it mentions: as every comment it is to the author of the post.
create function twolane_social.may_mention(actor text, to_user text, under_post bigint) returns boolean language sql stable as $$
  select twolane_social.is_open_to(actor, to_user)
    or exists (select from twolane_social.posts where id = under_post and author_id = to_user)
$$;

-- How many of those behind a notification of mentions its user may not see any more; all of them where the post is not open to him.
create function twolane_social.hidden_mentions(n twolane_social.notifications) returns int language sql stable as $$
  select case when exists (select from twolane_social.posts p
      where p.id = n.object_id::bigint and twolane_social.is_open_to(p.author_id, n.user_id))
    then (select count(*)::int from twolane_social.notification_actors a
      where a.notification_id = n.id and not twolane_social.may_mention(a.actor_id, n.user_id, n.object_id::bigint))
    else n.actor_count end
$$;

-- Takes an account out of the notifications of those whom it mentioned and who may not see it any more; null: of anybody. Answers
-- how many it took it out of, `most` at most. Notifications are locked in the order in which all lock them.
create function twolane_social.take_back_mentions(by_author text, from_user text, most int) returns int language plpgsql as $$
declare
  places bigint[];
begin
  places := array(
    select a.notification_id from (
      select distinct m.user_id, m.post_id from twolane_social.comment_mentions m
      where m.author_id = by_author and (from_user is null or m.user_id = from_user)
        and not twolane_social.may_mention(by_author, m.user_id, m.post_id)) m
    join twolane_social.notification_actors a on a.user_id = m.user_id and a.kind = 'mention'
      and a.object_id = m.post_id::text and a.actor_id = by_author
    limit most);
  perform from twolane_social.notifications n where n.id = any(places) order by n.user_id, n.kind collate "C", n.object_id for update;
  with gone as (
    delete from twolane_social.notification_actors a where a.notification_id = any(places) and a.actor_id = by_author
    returning a.notification_id)
  update twolane_social.notifications n set actor_count = n.actor_count - 1 from gone where n.id = gone.notification_id;
  delete from twolane_social.notifications n where n.id = any(places) and n.actor_count = 0;
  return cardinality(places);
end $$;
