/**
 * `npm run seed -- --users 20000 --celebrity`: a small world to look at. People, who follow each other by Zipf's law, and three
 * days of posts with likes and comments are written straight into the tables; photos go through the real pipeline. Runs against
 * the running `npm start`, or the servers of the environment. Again adds what is missing.
 */
import { parseArgs } from 'node:util';
import { loadConfig } from '../src/config.ts';
import { createLogger } from '../src/telemetry/logger.ts';
import { createApp } from '../workers/app.ts';
import { chance } from './demo/chance.ts';
import { gallery, withApi } from './demo/gallery.ts';
import { celebrity, nameOf } from './demo/names.ts';
import { addFollows, addPeople, drawFollows, idsOf, password, recountPeople } from './demo/people.ts';
import { addPosts } from './demo/posts.ts';
import { say, wholeNumber } from './demo/terminal.ts';

const { values } = parseArgs({
  options: {
    users: { type: 'string', default: '2000' },
    celebrity: { type: 'boolean', default: false },
    follows: { type: 'string', default: '14' },
    photos: { type: 'string', default: '40' },
    posts: { type: 'string' },
  },
});
const users = wholeNumber('--users', values.users, { least: 3 });
const follows = wholeNumber('--follows', values.follows);
const photos = wholeNumber('--photos', values.photos);
const posts = wholeNumber('--posts', values.posts ?? String(Math.min(3_000, Math.max(60, Math.round(users / 10)))));

const over = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const)
  process.once(name, () => over.abort(new Error('Stopped. What was added stays; again adds the rest.')));

const config = loadConfig({ LOG_LEVEL: 'error', TWOLANE_AVIF: 'false', ...process.env, TWOLANE_PRODUCT: 'social' });
const twolane = createApp(config, { logger: createLogger({ level: config.LOG_LEVEL }), schedules: [] });

async function addWorld(): Promise<string[]> {
  const db = twolane.database;
  const names = [...(values.celebrity ? [celebrity] : []), ...Array.from({ length: users }, (_, n) => nameOf(n))];
  const added = await addPeople(db, names);
  const ids = await idsOf(db, names);
  say(`${added} people added, ${ids.filter(Boolean).length} are there`);
  over.signal.throwIfAborted();
  if (added === 0) return ids.filter((id) => id !== undefined);
  const drawn = drawFollows(chance(users), names.length - added, names.length, follows);
  const fans = values.celebrity ? names.map((_, place) => [place, 0] as const).slice(1) : [];
  const pairs = [...drawn, ...fans, ...circle(values.celebrity ? 1 : 0)].flatMap(([follower, followee]) => {
    const [a, b] = [ids[follower], ids[followee]];
    return a && b ? [[a, b] as const] : [];
  });
  await addFollows(db, pairs);
  say(`${pairs.length} times somebody follows somebody`);
  return ids.filter((id) => id !== undefined);
}

/** Ana, Mia and Leo are friends. */
function circle(at: number): [number, number][] {
  const friends = [at, at + 1, at + 2];
  return friends.flatMap((one) =>
    friends.filter((other) => other !== one).map((other): [number, number] => [one, other]),
  );
}

async function addLife(people: readonly string[]): Promise<void> {
  const [owner = ''] = people;
  const worker = twolane.worker();
  await twolane.start();
  await Promise.all([...twolane.lanes.values()].map((lane) => lane.ready(15_000)));
  await Promise.all([worker.start(), twolane.scheduler().start()]);
  const ids = await withApi(twolane, async (as) => gallery(await as(owner), photos, over.signal));
  say(`${ids.length} photos are processed`);
  const { rows } = await twolane.database.query<{ n: number }>(
    `select count(*)::int as n from twolane_social.posts where job_id = 0`,
  );
  const missing = Math.max(0, posts - (rows[0]?.n ?? 0));
  say(`${await addPosts(twolane.database, chance(users + 1), { people, photos: ids, count: missing })} posts added`);
}

async function seed(): Promise<void> {
  await twolane.migrate();
  const people = await addWorld();
  if (photos > 0) await addLife(people);
  await recountPeople(twolane.database);
  await twolane.database.query('analyze twolane_social.follows, twolane_social.posts, twolane_social.users');
  const shown = [...(values.celebrity ? [celebrity] : []), nameOf(0), nameOf(1), nameOf(2), nameOf(users - 1)];
  say('The world is ready');
  console.log(`People      ${[...new Set(shown)].join(', ')} … on the page /demo, or with the password ${password}`);
  console.log(`Log in      POST /v1/sessions {"username": "${shown[0]}", "password": "${password}"}`);
  console.log('Keep it alive with `npm run traffic`.');
}

await seed()
  .catch((error: Error) => {
    console.error(over.signal.aborted ? error.message : error);
    process.exitCode = 1;
  })
  .finally(() => twolane.stop());
