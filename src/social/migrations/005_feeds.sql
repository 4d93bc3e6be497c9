-- Authors who have published at least one post that is merged into feeds as they are read: few, so that a read finds those
-- whom it must ask quickly.
create table twolane_social.merged_authors (
  author_id text collate "C" primary key
);
create index posts_merged on twolane_social.posts (author_id, id) where merged and state = 'published';
