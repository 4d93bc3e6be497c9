/**
 * How fast one page of 10,000 followers gets a post, against the bare Redis script batch in the same run:
 * `node --import tsx scripts/with-stack.ts node --import tsx bench/feed-delivery.ts`. Uses a database and keys of its own.
 */
import { randomBytes } from 'node:crypto';
import { Redis } from 'ioredis';
import pg from 'pg';
import type { MediaReader } from '../src/contract/media.ts';
import { openDatabase } from '../src/ledger/database.ts';
import { migrate, platformMigrations } from '../src/ledger/migrate.ts';
import { Publishing } from '../src/social/feed/publishing.ts';
import { feedsPerCall, RedisFeedStore } from '../src/social/feed/redis-feed-store.ts';
import { nextId } from '../src/social/ids.ts';
import { socialMigrations } from '../src/social/index.ts';
import { FanOutStore } from '../src/social/stores/fan-outs.ts';
import { FollowStore } from '../src/social/stores/follows.ts';
import { PostStore } from '../src/social/stores/posts.ts';
import { UserStore } from '../src/social/stores/users.ts';

const followers = 10_000;
const posts = 100;
const rounds = 5;
const name = `bench_${randomBytes(4).toString('hex')}`;

const { DATABASE_URL = '', REDIS_URL = '', FEED_REDIS_URL = REDIS_URL } = process.env;
const admin = new pg.Client({ connectionString: DATABASE_URL });
await admin.connect();
await admin.query(`create database ${name}`);
const url = new URL(DATABASE_URL);
url.pathname = `/${name}`;
const db = openDatabase({ url: url.href, size: 4 });
await migrate(db, [platformMigrations, socialMigrations]);
const redis = new Redis(FEED_REDIS_URL);
const users = new UserStore(db.databaseFor);
const follows = new FollowStore(db.databaseFor, users);
const postStore = new PostStore(db.databaseFor, users, { tell: async () => undefined });
const fanOuts = new FanOutStore(db.databaseFor);
const feeds = new RedisFeedStore(redis.duplicate(), name);
const storeAlone = new RedisFeedStore(redis.duplicate(), `${name}-alone`);
const noMedia: MediaReader = { views: async () => [] };
const publishing = new Publishing(postStore, feeds, noMedia);

await db.query(
  `insert into twolane_social.follows (follower_id, followee_id)
   select 'reader' || lpad(n::text, 5, '0'), 'author' from generate_series(1, $1) n`,
  [followers],
);

async function newPost(): Promise<string> {
  const id = await db.transaction(async (tx) => {
    const post = { id: await nextId(tx), authorId: 'author', caption: '', noun: 'photo', jobId: '1', mediaIds: ['1'] };
    await postStore.add(tx, post);
    return post.id;
  });
  await postStore.publish(id);
  await fanOuts.take({ postId: id, pass: 'deliver', fence: 1 });
  return id;
}

/** The least that Redis must do for it: the same members into the same sets, one script call per chunk, nothing else. */
redis.defineCommand('bareBatch', { lua: `for _, key in ipairs(KEYS) do redis.call('ZADD', key, 0, ARGV[1]) end` });
async function bare(members: readonly string[], postId: string): Promise<void> {
  const pipeline = redis.pipeline() as unknown as {
    bareBatch(...args: (string | number)[]): void;
    exec(): Promise<unknown>;
  };
  for (let from = 0; from < members.length; from += feedsPerCall) {
    const keys = members.slice(from, from + feedsPerCall).map((id) => `${name}:bare:${id}`);
    pipeline.bareBatch(keys.length, ...keys, postId.padStart(19, '0'));
  }
  await pipeline.exec();
}

/** What the page job does: followers by keyset, the post's state, the feeds, the count. */
async function page(postId: string): Promise<void> {
  const members = await follows.between('author', '', 'reader99999');
  await publishing.agree(members, postId);
  await db.transaction((tx) => fanOuts.pageDone(tx, postId, 'deliver', members.length));
}

async function rate(work: (postId: string) => Promise<void>, ids: readonly string[]): Promise<number> {
  const startedAt = performance.now();
  for (const id of ids) await work(id);
  return (ids.length * followers * 1000) / (performance.now() - startedAt);
}

const median = (values: number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
const members = await follows.between('author', '', 'reader99999');
const measured = { bare: [] as number[], store: [] as number[], page: [] as number[] };
for (let round = 0; round < rounds; round++) {
  const ids: string[] = [];
  for (let n = 0; n < posts / rounds; n++) ids.push(await newPost());
  measured.bare.push(await rate((id) => bare(members, id), ids));
  measured.store.push(await rate((id) => storeAlone.insert(members, id), ids));
  measured.page.push(await rate(page, ids));
}
const [bareRate, storeRate, pageRate] = [median(measured.bare), median(measured.store), median(measured.page)];
const line = (what: string, value: number) =>
  `${what.padEnd(34)}${Math.round(value).toLocaleString('en').padStart(10)} feeds/s  ${((100 * value) / bareRate).toFixed(0)} %`;
console.log(line('bare script batch', bareRate));
console.log(line('feed store', storeRate));
console.log(line('page job (PostgreSQL and feeds)', pageRate));

for await (const keys of redis.scanStream({ match: `${name}*`, count: 1_000 }))
  if (keys.length) await redis.unlink(keys);
await Promise.all([db.close(), feeds.close(), storeAlone.close(), redis.quit()]);
await admin.query(`drop database ${name} with (force)`);
await admin.end();
