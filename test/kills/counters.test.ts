/** Counts under random likes, follows, comments, posts and deletions while a worker and an API process are killed: they equal a recount. */
import type { ChildProcess } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fanOutPost } from '../../jobs/realtime/fan-out-post.job.ts';
import { freePort } from '../../scripts/stack/ports.ts';
import { nextId } from '../../src/social/ids.ts';
import { apiKey, startTestApp, type TestApp } from '../support/app.ts';
import { long } from '../support/long.ts';
import { killProcess, startProcess } from '../support/social-client.ts';
import { freshPrefix, until } from '../support/stack.ts';

let app: TestApp;
let apis: { url: string; child: ChildProcess }[];
let worker: ChildProcess;

beforeAll(async () => {
  app = await startTestApp({ http: false, worker: false });
  worker = startProcess('realtime', app.environment);
  apis = await Promise.all([startApi(), startApi()]);
}, 60_000);

afterAll(async () => {
  await Promise.all([worker, ...apis.map(({ child }) => child)].map(killProcess));
  await app.stop();
}, 60_000);

async function startApi() {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = startProcess('api', { ...app.environment, PORT: `${port}` });
  const answers = () =>
    fetch(`${url}/healthz`).then(
      () => true,
      () => false,
    );
  await until('the API answers', answers, { timeoutMs: 30_000 });
  return { url, child };
}

/** A call at either API process, repeated as the same one until somebody has answered it. */
async function call(user: string, method: string, path: string, body?: unknown): Promise<number> {
  const headers = {
    authorization: `Bearer ${apiKey}`,
    'x-acting-user': user,
    'content-type': 'application/json',
    ...(method === 'POST' && { 'idempotency-key': freshPrefix() }),
  };
  for (;;) {
    // A call with an idempotency key whose process dies is held for twenty seconds: those go to the one that stays.
    const place = method === 'POST' ? apis.length - 1 : Math.floor(Math.random() * apis.length);
    const { url } = apis[place] as (typeof apis)[number];
    const answer = await fetch(url + path, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
    }).catch(() => undefined);
    await answer?.arrayBuffer();
    // 409: the first try of this very call is still under way.
    if (answer && answer.status < 500 && answer.status !== 409) return answer.status;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Posts without media, published by their jobs. */
async function posts(count: number, authors: readonly string[]): Promise<string[]> {
  const made: string[] = [];
  for (let n = 0; n < count; n++) {
    const authorId = authors[n % authors.length] as string;
    const id = await app.twolane.transaction(async (tx, enqueue) => {
      const post = await nextId(tx);
      const { id: job } = await enqueue(fanOutPost, { postId: post, authorId });
      await tx.query(
        `insert into twolane_social.posts (id, author_id, caption, noun, job_id) values ($1, $2, '', 'post', $3)`,
        [post, authorId, job],
      );
      return post;
    });
    made.push(id);
  }
  return made;
}

/** Rows whose counts differ from a recount, and the jobs that are not over; what gathers notifications waits for minutes. */
async function differing(): Promise<{ posts: number; users: number; likes: number; live: number }> {
  const { rows } = await app.twolane.database.query<{ posts: number; users: number; likes: number; live: number }>(
    `select (select count(*) from twolane_social.posts p
         where like_count <> (select count(*) from twolane_social.likes l where l.post_id = p.id)
           or comment_count <> (select count(*) from twolane_social.comments c where c.post_id = p.id))::int as posts,
       (select count(*) from twolane_social.user_counts u
         where follower_count <> (select count(*) from twolane_social.follows f where f.followee_id = u.user_id)
           or following_count <> (select count(*) from twolane_social.follows f where f.follower_id = u.user_id)
           or post_count <> (select count(*) from twolane_social.posts p where p.author_id = u.user_id and p.state = 'published'))::int as users,
       (select count(*) from twolane_social.likes)::int as likes,
       (select count(*) from twolane.live l join twolane.jobs j on j.id = l.id
         where j.type <> 'announce-notification')::int as live`,
  );
  return rows[0] as { posts: number; users: number; likes: number; live: number };
}

/** Does `deeds` random deeds and kills both kinds of process in the middle of them. */
async function fault(deeds: number): Promise<void> {
  const names = freshPrefix();
  const users = Array.from({ length: 40 }, (_, n) => `${names}-${n}`);
  const shown = await posts(10, users);
  await until('they are published', async () => (await differing()).live === 0, { timeoutMs: 30_000 });
  const likes = new Set<string>();
  let done = 0;
  const pick = <T>(from: readonly T[]) => from[Math.floor(Math.random() * from.length)] as T;
  /** What one person does comes one after another, so that its end is known. */
  const live = async (user: string) => {
    while (done < deeds) {
      done += 1;
      const [kind, post, other] = [Math.random(), pick(shown), pick(users)];
      if (kind < 0.5) {
        expect(await call(user, 'PUT', `/v1/posts/${post}/like`)).toBe(204);
        likes.add(`${post}/${user}`);
      } else if (kind < 0.85) {
        expect(await call(user, 'DELETE', `/v1/posts/${post}/like`)).toBe(204);
        likes.delete(`${post}/${user}`);
      } else if (kind < 0.93 && other !== user) {
        await call(user, pick(['PUT', 'DELETE']), `/v1/users/${other}/follow`);
      } else if (kind < 0.97) {
        expect(await call(user, 'POST', `/v1/posts/${post}/comments`, { text: 'well seen' })).toBe(201);
      } else {
        const [mine = ''] = await posts(1, [user]);
        if (Math.random() < 0.5) await call(user, 'DELETE', `/v1/posts/${mine}`);
      }
    }
  };
  const killing = (async () => {
    await until('a third is done', () => done > deeds / 3, { timeoutMs: 600_000 });
    await killProcess(worker);
    worker = startProcess('realtime', app.environment);
    await killProcess((apis.shift() as (typeof apis)[number]).child);
    apis.push(await startApi());
  })();
  await Promise.all([...users.map(live), killing]);
  await until('all is quiet', async () => (await differing()).live === 0, { timeoutMs: 120_000 });
  expect(await differing()).toEqual({ posts: 0, users: 0, likes: likes.size, live: 0 });
  const { rows } = await app.twolane.database.query<{ like: string }>(
    `select post_id || '/' || user_id as like from twolane_social.likes`,
  );
  expect(new Set(rows.map(({ like }) => like))).toEqual(likes);
  await app.twolane.database.query(
    'truncate twolane_social.likes, twolane_social.posts, twolane_social.follows, twolane_social.user_counts cascade',
  );
}

describe('Counts', () => {
  it(
    'equal a recount after 300 random deeds although a worker and an API process are killed',
    { timeout: 120_000 },
    () => fault(300),
  );
  it(
    'equal a recount after 12,000 random deeds, 10,000 of them likes and unlikes',
    { ...long, timeout: 1_200_000 },
    () => fault(12_000),
  );
  it('of posts are raised in place, so that a loved post is no burden', async () => {
    const [post = ''] = await posts(1, ['ana']);
    await until('it is published', async () => (await differing()).live === 0, { timeoutMs: 30_000 });
    const place = async () =>
      (
        await app.twolane.database.query<{ place: string }>(
          'select (ctid::text::point)[0]::text as place from twolane_social.posts where id = $1',
          [post],
        )
      ).rows[0]?.place;
    const before = await place();
    for (let n = 0; n < 30; n++) await call(`fan-${n}`, 'PUT', `/v1/posts/${post}/like`);
    expect(await place()).toBe(before);
  });
});
