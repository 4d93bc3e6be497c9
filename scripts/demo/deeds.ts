/** What people of the demo do, as calls of the API: each deed with how often it is chosen. */
import { randomUUID } from 'node:crypto';
import { caption, line, remark } from './captions.ts';
import { type Chance, pick, zipf } from './chance.ts';
import { photo } from './photos.ts';

/** Calls the API as one person; throws for anything but success. */
export type CallAs = <T>(userId: string, method: string, path: string, body?: unknown) => Promise<T>;

export interface Stage {
  call: CallAs;
  draw: Chance;
  /** The first ones are the most popular. */
  people: readonly string[];
  /** Photos by their owner, ready or soon to be. */
  photos: Map<string, string[]>;
  /** Posts that were seen in feeds lately, the newest last. */
  seen: string[];
  threads: Map<string, string>;
}

type Deed = (stage: Stage, who: string) => Promise<void>;

const somebody = ({ draw, people }: Stage) => people[zipf(draw, people.length)] as string;
const other = (stage: Stage, who: string) => {
  const found = somebody(stage);
  return found === who ? (stage.people.find((id) => id !== who) as string) : found;
};
/** One of the newest posts: people react to what is new. */
const seenPost = ({ draw, seen }: Stage) => seen[seen.length - 1 - zipf(draw, seen.length)];

const readFeed: Deed = async ({ call, seen }, who) => {
  const { items } = await call<{ items: { id: string }[] }>(who, 'GET', '/v1/feed?limit=20');
  for (const { id } of items.toReversed()) if (!seen.includes(id)) seen.push(id);
  seen.splice(0, Math.max(0, seen.length - 500));
};

const like: Deed = async (stage, who) => {
  const post = seenPost(stage);
  if (post === undefined) return readFeed(stage, who);
  await stage.call(who, stage.draw() < 0.95 ? 'PUT' : 'DELETE', `/v1/posts/${post}/like`);
};

const comment: Deed = async (stage, who) => {
  const post = seenPost(stage);
  if (post === undefined) return readFeed(stage, who);
  await stage.call(who, 'POST', `/v1/posts/${post}/comments`, { text: remark(stage.draw) });
};

const follow: Deed = async (stage, who) =>
  stage.call(who, stage.draw() < 0.8 ? 'PUT' : 'DELETE', `/v1/users/${other(stage, who)}/follow`);

const message: Deed = async (stage, who) => {
  const to = other(stage, who);
  const pair = [who, to].sort().join(' ');
  const known = stage.threads.get(pair);
  const thread = known ?? (await stage.call<{ id: string }>(who, 'POST', '/v1/threads', { memberIds: [to] })).id;
  stage.threads.set(pair, thread);
  const body = { text: line(stage.draw), clientMessageId: randomUUID() };
  await stage.call(who, 'POST', `/v1/threads/${thread}/messages`, body);
};

const readInbox: Deed = async ({ call }, who) => void (await call(who, 'GET', '/v1/inbox?limit=10'));
const readNotices: Deed = async ({ call }, who) => void (await call(who, 'GET', '/v1/notifications?limit=20'));

/** Everybody has one photo of his own and posts it again and again, now and then another one. */
const post: Deed = async ({ call, draw, photos }, who) => {
  const own = photos.get(who) ?? [];
  if (own.length === 0 || (own.length < 5 && draw() < 0.2)) {
    const form = new FormData();
    const bytes = await photo(Math.floor(draw() * 10_000));
    form.set('file', new Blob([new Uint8Array(bytes)], { type: 'image/jpeg' }), 'photo.jpg');
    own.push((await call<{ id: string }>(who, 'POST', '/v1/uploads', form)).id);
    photos.set(who, own);
  }
  const hot = draw() < 0.3 ? 'aurora' : undefined;
  await call(who, 'POST', '/v1/posts', { mediaIds: [pick(draw, own)], caption: caption(draw, hot) });
};

/** Of 100 deeds. */
export const deeds: readonly { name: string; share: number; run: Deed }[] = [
  { name: 'feeds read', share: 34, run: readFeed },
  { name: 'likes', share: 26, run: like },
  { name: 'messages', share: 12, run: message },
  { name: 'comments', share: 8, run: comment },
  { name: 'inboxes read', share: 6, run: readInbox },
  { name: 'notices read', share: 5, run: readNotices },
  { name: 'follows', share: 5, run: follow },
  { name: 'posts', share: 4, run: post },
];

/** A deed and who does it; popular people are also the busiest. */
export function nextDeed(stage: Stage): { name: string; run(): Promise<void> } {
  let left = stage.draw() * deeds.reduce((sum, { share }) => sum + share, 0);
  const chosen = deeds.find(({ share }) => {
    left -= share;
    return left < 0;
  }) as (typeof deeds)[number];
  const who = somebody(stage);
  return { name: chosen.name, run: () => chosen.run(stage, who) };
}
