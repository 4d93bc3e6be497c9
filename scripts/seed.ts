/**
 * `npm run seed`: an author with 25,000 followers and a few demo users, written straight into the tables in seconds.
 * Runs against the database of the running `npm start`, or of DATABASE_URL. Again changes nothing; `--followers N` adds more.
 */
import { parseArgs } from 'node:util';
import type { Queryable } from '../src/contract/database.ts';
import { openDatabase } from '../src/ledger/database.ts';
import { migrate, platformMigrations } from '../src/ledger/migrate.ts';
import { socialMigrations } from '../src/social/index.ts';
import { hashPassword } from '../src/social/passwords.ts';

const password = 'twolane-demo';
const author = 'star';
const friends = ['ana', 'mia', 'leo'];

const { values: options } = parseArgs({ options: { followers: { type: 'string', default: '25000' } } });

/** Names that exist already are left as they are. */
async function addUsers(tx: Queryable, names: readonly string[], passwordHash: string): Promise<number> {
  const { rowCount } = await tx.query(
    `with missing as (
       select name, row_number() over (order by place) as n from unnest($1::text[]) with ordinality as asked(name, place)
       where not exists (select 1 from twolane_social.users where lower(username) = name)
     ), ids as (
       select id, row_number() over (order by id) as n
       from twolane.next_ids((select greatest(count(*), 1)::int from missing)) as id)
     insert into twolane_social.users (id, username, password_hash)
     select ids.id, missing.name, $2 from missing join ids using (n) on conflict do nothing`,
    [names, passwordHash],
  );
  return rowCount ?? 0;
}

/** Every pair of a follower's and a followee's name. */
async function addFollows(tx: Queryable, followers: readonly string[], followees: readonly string[]): Promise<void> {
  await tx.query(
    `insert into twolane_social.follows (follower_id, followee_id)
     select a.id::text, b.id::text from twolane_social.users a, twolane_social.users b
     where lower(a.username) = any($1) and lower(b.username) = any($2) and a.id <> b.id on conflict do nothing`,
    [followers, followees],
  );
}

/** Sets the follow counts of everybody in `names` to what a count says. */
async function recount(tx: Queryable, names: readonly string[]): Promise<void> {
  await tx.query(
    `insert into twolane_social.user_counts as c (user_id, follower_count, following_count)
     select u.id::text,
       (select count(*) from twolane_social.follows where followee_id = u.id::text),
       (select count(*) from twolane_social.follows where follower_id = u.id::text)
     from twolane_social.users u where lower(u.username) = any($1) order by u.id::text collate "C"
     on conflict (user_id) do update
       set follower_count = excluded.follower_count, following_count = excluded.following_count
       where (c.follower_count, c.following_count) is distinct from (excluded.follower_count, excluded.following_count)`,
    [names],
  );
}

async function seed(url: string, followers: number): Promise<number> {
  const database = openDatabase({ url, size: 2 });
  try {
    await migrate(database, [platformMigrations, socialMigrations]);
    const fans = Array.from({ length: followers - friends.length }, (_, n) => `fan${String(n + 1).padStart(5, '0')}`);
    const everybody = [author, ...friends, ...fans];
    const passwordHash = await hashPassword(password);
    return await database.transaction(async (tx) => {
      const added = await addUsers(tx, everybody, passwordHash);
      await addFollows(tx, [...friends, ...fans], [author]);
      await addFollows(tx, friends, friends);
      await recount(tx, everybody);
      return added;
    });
  } finally {
    await database.close();
  }
}

const url = process.env.DATABASE_URL;
const followers = Number(options.followers);
if (!url || !Number.isInteger(followers) || followers < friends.length) {
  console.error('Use `npm run seed`, or set DATABASE_URL. --followers takes a whole number from 3.');
  process.exitCode = 1;
} else {
  const startedAt = performance.now();
  const added = await seed(url, followers);
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  console.log(`${added} users added in ${seconds} s.`);
  console.log(`Author      ${author}, with ${followers} followers, ${friends.join(', ')} among them`);
  console.log(`Followers   fan00001 … fan${String(followers - friends.length).padStart(5, '0')}`);
  console.log(`Password    ${password} (of all of them)`);
  console.log(`Log in      POST /v1/sessions {"username": "${author}", "password": "${password}"}`);
}
