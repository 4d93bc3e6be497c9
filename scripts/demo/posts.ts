/** The past of the seeded world: posts of three days with likes and comments, written straight into the tables. */
import type { Database } from '../../src/ledger/database.ts';
import { caption, remark } from './captions.ts';
import { type Chance, lognormal, pick, zipf } from './chance.ts';

/** Adds `count` posts, the oldest first, each with a photo of the gallery; nothing when there are no photos. */
export async function addPosts(
  db: Database,
  draw: Chance,
  { people, photos, count }: { people: readonly string[]; photos: readonly string[]; count: number },
): Promise<number> {
  if (photos.length === 0 || count === 0) return 0;
  const drawn = Array.from({ length: count }, () => ({
    author: people[zipf(draw, people.length)] as string,
    text: caption(draw),
    photo: pick(draw, photos),
  }));
  const { rows } = await db.query<{ id: string }>(
    `with ids as (select id, row_number() over (order by id) as n from twolane.next_ids($1) as id), written as (
       insert into twolane_social.posts (id, author_id, caption, noun, state, job_id, created_at, published_at)
       select ids.id, d.author, d.text, 'photo', 'published', 0, d.at, d.at
       from ids join (select *, now() - interval '3 days' * (1 - place / ($1 + 1.0)) as at
         from unnest($2::text[], $3::text[]) with ordinality as d(author, text, place)) d on d.place = ids.n
       returning id)
     select id::text from written order by id`,
    [count, drawn.map(({ author }) => author), drawn.map(({ text }) => text)],
  );
  await db.query(
    `insert into twolane_social.post_media (post_id, position, media_id)
     select id, 1, media from unnest($1::bigint[], $2::bigint[]) as p(id, media)`,
    [rows.map(({ id }) => id), drawn.map(({ photo }) => photo)],
  );
  await addLikes(
    db,
    draw,
    people,
    rows.map(({ id }) => id),
  );
  await addComments(
    db,
    draw,
    people,
    rows.map(({ id }) => id),
  );
  return rows.length;
}

async function addLikes(
  db: Database,
  draw: Chance,
  people: readonly string[],
  posts: readonly string[],
): Promise<void> {
  const likes = posts.flatMap((post) => {
    const count = Math.min(Math.floor(people.length / 2), Math.round(lognormal(draw, 8, 1)));
    return Array.from({ length: count }, () => ({ post, user: pick(draw, people) }));
  });
  await db.query(
    `with given as (
       insert into twolane_social.likes (post_id, user_id) select * from unnest($1::bigint[], $2::text[])
       on conflict do nothing returning post_id
     ), counted as (select post_id, count(*)::int as n from given group by 1)
     update twolane_social.posts p set like_count = like_count + n from counted where p.id = counted.post_id`,
    [likes.map(({ post }) => post), likes.map(({ user }) => user)],
  );
}

async function addComments(
  db: Database,
  draw: Chance,
  people: readonly string[],
  posts: readonly string[],
): Promise<void> {
  const comments = posts.flatMap((post) =>
    Array.from({ length: zipf(draw, 6) }, () => ({ post, user: pick(draw, people), text: remark(draw) })),
  );
  await db.query(
    `with ids as (select id, row_number() over (order by id) as n from twolane.next_ids($1) as id), given as (
       insert into twolane_social.comments (id, post_id, author_id, text, created_at)
       select ids.id, c.post, c.author, c.text, p.created_at + (now() - p.created_at) * random()
       from ids join unnest($2::bigint[], $3::text[], $4::text[]) with ordinality as c(post, author, text, place)
         on c.place = ids.n join twolane_social.posts p on p.id = c.post
       returning post_id
     ), counted as (select post_id, count(*)::int as n from given group by 1)
     update twolane_social.posts p set comment_count = comment_count + n from counted where p.id = counted.post_id`,
    [
      Math.max(1, comments.length),
      comments.map(({ post }) => post),
      comments.map(({ user }) => user),
      comments.map(({ text }) => text),
    ],
  );
}
