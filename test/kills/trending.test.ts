/** Hashtags counted through the jobs while a tenth is delivered again and a worker is killed: the windows equal a recount. */
import type { ChildProcess } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { preprocessPost } from '../../jobs/realtime/preprocess-post.job.ts';
import { windowMs } from '../../src/social/trending/score.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { long } from '../support/long.ts';
import { killProcess, startProcess } from '../support/social-client.ts';
import { until } from '../support/stack.ts';

const slow = 900_000;
let app: TestApp;
const workers: ChildProcess[] = [];

beforeAll(async () => {
  app = await startTestApp({ http: false, worker: false });
  for (let n = 0; n < 2; n++) workers.push(startProcess('realtime', app.environment));
}, 60_000);

afterAll(async () => {
  await Promise.all(workers.map(killProcess));
  await app.stop();
}, 60_000);

const number = async (sql: string, values: unknown[] = []) =>
  (await app.twolane.database.query<{ n: number }>(sql, values)).rows[0]?.n ?? 0;

/** Published posts of 500 people, five hashtags in each, over the two windows that may still change. */
async function publishPosts(count: number): Promise<string[]> {
  const { rows } = await app.twolane.database.query<{ id: string }>(
    `insert into twolane_social.posts (id, author_id, caption, noun, state, job_id, published_at)
     select id, 'author-' || n % 500, format('#t%s #t%s #t%s #t%s #always', n % 7, n % 11, n % 13, n % 101), 'photo', 'published', 1,
       now() - n % 2 * $2 * interval '1 millisecond'
     from (select id, row_number() over (order by id) as n from twolane.next_ids($1) as id) ids returning id::text`,
    [count, windowMs],
  );
  return rows.map(({ id }) => id);
}

/** What was counted and a recount of the captions have in common, and what only one of them has. */
const differing = `
  with recount as (
    select distinct tag, hashtextextended(author_id, 0) as author, floor(extract(epoch from published_at) * 1000 / $1)::int as w
    from twolane_social.posts, unnest(regexp_split_to_array(replace(caption, '#', ''), ' ')) as tag),
  counted as (select tag, author_hash as author, time_window as w from twolane_social.trend_uses)
  select count(*)::int as n from (
    (select * from recount except select * from counted) union all (select * from counted except select * from recount)) as other`;

describe('Hashtags', long, () => {
  it(
    'of 20,000 posts count once per author and window although a tenth comes twice and a worker is killed',
    async () => {
      const posts = await publishPosts(20_000);
      const again = posts.filter((_, n) => n % 10 === 0);
      const jobs = [...posts, ...again].map((postId) => ({ job: preprocessPost, payload: { postId } }));
      for (let from = 0; from < jobs.length; from += 2_000)
        await app.twolane.enqueueMany(jobs.slice(from, from + 2_000));
      const scored = () => number(`select count(*)::int as n from twolane_social.trend_uses`);
      await until('some are counted', async () => (await scored()) > 1_000, { timeoutMs: slow });
      await killProcess(workers.shift() as ChildProcess);
      workers.push(startProcess('realtime', app.environment));
      const open = `select count(*)::int as n from twolane.live l join twolane.jobs j on j.id = l.id where j.type like '%-post' or j.type = 'score-hashtags'`;
      await until('all is quiet', async () => (await number(open)) === 0, { timeoutMs: slow });
      expect(await number(`select count(*)::int as n from twolane_social.trend_uses where tag = 'always'`)).toBe(500);
      expect(await number(differing, [windowMs])).toBe(0);
    },
    2 * slow,
  );
});
