/**
 * How fast posts come into their followers' feeds, by the whole path of jobs, beside the bare Redis script batch that writes the
 * same members into as many feeds of the same length.
 */
import { fanOutPost } from '../../jobs/realtime/fan-out-post.job.ts';
import { feedCap } from '../../src/contract/feed-store.ts';
import { toMember } from '../../src/social/feed/redis-feed-store.ts';
import { wholeMark } from '../../src/social/feed/scripts.ts';
import { bareRedisBatch } from '../peers/redis-batch.ts';
import { type Installation, startInstallation } from './installation.ts';

/** As many as the default threshold lets an author have whose posts are written. */
const followers = 100_000;
/** Posts that each feed holds before. */
const held = 20;
const author = 'author';
const rounds = 3;

export interface FanOutMeasured {
  /** Feeds a second, the median of the rounds. */
  bare: number;
  wholePath: number;
  /** Seconds that the whole path took for the deliveries of a round. */
  seconds: number;
  /** Bytes in Redis of a feed of 800 posts, and of the short ones that were written to. */
  fullFeedBytes: number;
  shortFeedBytes: number;
}

/** @param deliveries of one round, in whole posts of 100,000 followers. */
export async function measureFanOut(deliveries: number): Promise<FanOutMeasured> {
  const installation = await startInstallation({ TWOLANE_FEED_MERGED_ABOVE: String(followers) });
  const { redis, config } = installation;
  const posts = Math.max(1, Math.round(deliveries / followers));
  try {
    const readers = await addFollowers(installation);
    const keys = readers.map((id) => `${config.TWOLANE_PREFIX}:feed:${id}`);
    const bareKeys = readers.map((id) => `${config.TWOLANE_PREFIX}:bare:${id}`);
    for (const key of [...keys, ...bareKeys]) fill(installation, key, held);
    await redis.ping();
    const bare: number[] = [];
    const wholePath: number[] = [];
    // The first round warms connections, plans and the compiler.
    for (let round = 0; round <= rounds; round += 1) {
      const ids = await addPosts(installation, round === 0 ? 1 : posts);
      const bareS = await secondsOf(() => bareRedisBatch(redis, bareKeys, ids));
      const wholeS = await secondsOf(() => fanOut(installation, ids));
      if (round === 0) continue;
      bare.push((posts * followers) / bareS);
      wholePath.push((posts * followers) / wholeS);
    }
    fill(installation, `${config.TWOLANE_PREFIX}:feed:full`, feedCap);
    const bytes = async (key: string) => (await redis.memory('USAGE', key, 'SAMPLES', 0)) ?? Number.NaN;
    return {
      bare: median(bare),
      wholePath: median(wholePath),
      seconds: (posts * followers) / median(wholePath),
      fullFeedBytes: await bytes(`${config.TWOLANE_PREFIX}:feed:full`),
      shortFeedBytes: await bytes(keys[0] as string),
    };
  } finally {
    await installation.close();
  }
}

async function addFollowers({ twolane: { database } }: Installation): Promise<string[]> {
  const { rows } = await database.query<{ id: string }>(
    `insert into twolane_social.follows (follower_id, followee_id)
     select 'reader' || lpad(n::text, 6, '0'), $1 from generate_series(1, $2::int) n returning follower_id as id`,
    [author, followers],
  );
  await database.query('insert into twolane_social.user_counts (user_id, follower_count) values ($1, $2)', [
    author,
    followers,
  ]);
  // As autovacuum leaves it.
  await database.query('vacuum (analyze) twolane_social.follows');
  return rows.map(({ id }) => id);
}

/** Sent without waiting: commands of one connection are done in order. */
function fill({ redis }: Installation, key: string, posts: number): void {
  const members = Array.from({ length: posts }, (_, n) => ['0', toMember(String(1_000 + n))]).flat();
  redis.zadd(key, 0, wholeMark, ...members).catch((error) => {
    throw error;
  });
}

async function addPosts({ twolane: { database } }: Installation, count: number): Promise<string[]> {
  const { rows } = await database.query<{ id: string }>(
    `insert into twolane_social.posts (id, author_id, caption, noun, job_id)
     select id, $1, '', 'photo', 1 from twolane.next_ids($2, 0) as id returning id::text`,
    [author, count],
  );
  return rows.map(({ id }) => id);
}

/** From the enqueue of the posts' jobs until their last page is settled. */
async function fanOut({ twolane }: Installation, postIds: readonly string[]): Promise<void> {
  await twolane.enqueueMany(
    postIds.map((postId) => ({ job: fanOutPost, payload: { postId, authorId: author }, options: {} })),
  );
  for (;;) {
    const { rows } = await twolane.database.query<{ delivered: number }>(
      `select coalesce(sum(delivered), 0)::int as delivered from twolane_social.fan_outs
       where ended and post_id = any($1::bigint[])`,
      [postIds],
    );
    if (rows[0]?.delivered === postIds.length * followers) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function secondsOf(work: () => Promise<void>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return (performance.now() - startedAt) / 1_000;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
