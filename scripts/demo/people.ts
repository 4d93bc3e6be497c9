/** The people of the seeded world and who follows whom, written straight into the tables. */

import { hashPassword } from '../../src/http/auth/passwords.ts';
import type { Database } from '../../src/ledger/database.ts';
import { type Chance, lognormal, zipf } from './chance.ts';

export const password = 'twolane-demo';
/** Rows of one statement. */
const slice = 20_000;

/** Adds those who are not there yet, as people who signed up within the past year. @returns how many were added */
export async function addPeople(db: Database, names: readonly string[]): Promise<number> {
  const { rowCount } = await db.query(
    `with missing as (
       select name, row_number() over (order by place) as n from unnest($1::text[]) with ordinality as asked(name, place)
       where not exists (select 1 from twolane_social.users where lower(username) = name)
     ), ids as (
       select id, row_number() over (order by id) as n
       from twolane.next_ids((select greatest(count(*), 1)::int from missing)) as id)
     insert into twolane_social.users (id, username, password_hash, seeded, created_at)
     select ids.id, missing.name, $2, true, now() - interval '1 day' - random() * interval '364 days'
     from missing join ids using (n) on conflict do nothing`,
    [names, await hashPassword(password)],
  );
  return rowCount ?? 0;
}

/** The ids of the seeded ones of these names, in their order; undefined for a name that somebody else has. */
export async function idsOf(db: Database, names: readonly string[]): Promise<(string | undefined)[]> {
  const { rows } = await db.query<{ id: string | null }>(
    `select u.id::text from unnest($1::text[]) with ordinality as asked(name, place)
     left join twolane_social.users u on lower(u.username) = name and u.seeded order by place`,
    [names],
  );
  return rows.map(({ id }) => id ?? undefined);
}

/**
 * Whom the people from `from` on follow, as places: the first ones of the world by far the most often.
 * @param count all people
 * @param middle how many most of them follow, a few many more
 */
export function drawFollows(draw: Chance, from: number, count: number, middle: number): [number, number][] {
  const follows: [number, number][] = [];
  for (let follower = from; follower < count; follower += 1) {
    const wanted = Math.min(Math.floor(count / 2), Math.round(lognormal(draw, middle, 0.8)));
    const followed = new Set(Array.from({ length: wanted }, () => zipf(draw, count)));
    for (const followee of followed) if (followee !== follower) follows.push([follower, followee]);
  }
  return follows;
}

/** Pairs of a follower's and a followee's id; known ones change nothing. */
export async function addFollows(db: Database, pairs: readonly (readonly [string, string])[]): Promise<void> {
  // In the order of the index, which is then written once and not here and there.
  const sorted = pairs.toSorted(([a], [b]) => (a < b ? -1 : 1));
  for (let at = 0; at < sorted.length; at += slice) {
    const part = sorted.slice(at, at + slice);
    await db.query(
      `insert into twolane_social.follows (follower_id, followee_id) select * from unnest($1::text[], $2::text[])
       on conflict do nothing`,
      [part.map(([follower]) => follower), part.map(([, followee]) => followee)],
    );
  }
}

/** Sets the counts of all seeded people to what a count says. */
export async function recountPeople(db: Database): Promise<void> {
  await db.query(
    `with followers as (select followee_id as id, count(*)::int as n from twolane_social.follows group by 1),
       following as (select follower_id as id, count(*)::int as n from twolane_social.follows group by 1),
       posts as (select author_id as id, count(*)::int as n from twolane_social.posts where state = 'published' group by 1)
     insert into twolane_social.user_counts as c (user_id, follower_count, following_count, post_count)
     select u.id::text, coalesce(followers.n, 0), coalesce(following.n, 0), coalesce(posts.n, 0)
     from twolane_social.users u left join followers on followers.id = u.id::text
     left join following on following.id = u.id::text left join posts on posts.id = u.id::text
     where u.seeded order by u.id::text collate "C"
     on conflict (user_id) do update set follower_count = excluded.follower_count,
       following_count = excluded.following_count, post_count = excluded.post_count
     where (c.follower_count, c.following_count, c.post_count)
       is distinct from (excluded.follower_count, excluded.following_count, excluded.post_count)`,
  );
}
