/** What this person sees: feed, notifications, messages and trends, kept fresh while the page can be seen. */
import { effect, signal } from '@preact/signals';
import type { MediaView } from '../../../../contract/media.ts';
import { call, follow, me, ofPerson } from './api.ts';

export interface Post {
  id: string;
  authorId: string;
  caption: string;
  media: MediaView[];
  createdAt: string;
  likeCount: number;
  commentCount: number;
}
export interface Notice {
  id: string;
  text: string;
  createdAt: string;
  readAt: string | null;
}
export interface Message {
  id: string;
  seq: number;
  senderId: string;
  text: string;
  hidden: boolean;
}
export interface Thread {
  id: string;
  members: { id: string; username: string | null }[];
  unreadCount: number;
  lastMessage: Message | null;
}
interface Page<T> {
  items: T[];
}

export const feed = ofPerson<Post[] | null>(null);
export const notices = ofPerson<Notice[]>([]);
export const threads = ofPerson<Thread[]>([]);
export const trends = signal<{ items: { tag: string; count: number }[]; empty?: { message: string } } | null>(null);
/** Usernames by id. */
export const names = signal<Readonly<Record<string, string>>>({});
/** Counts the events of messages: who shows a thread reads it again. */
export const messagesCame = signal(0);
/** Whether the stream of messages is open. */
export const live = signal(false);

const feedMs = 2_500;
const trendsMs = 30_000;

export async function loadFeed(): Promise<void> {
  const { items } = await call<Page<Post>>('v1/feed?limit=20');
  feed.value = items;
  await loadNames(items.map(({ authorId }) => authorId));
}

export async function loadNotices(): Promise<void> {
  notices.value = (await call<Page<Notice>>('v1/notifications?limit=15')).items;
}

export async function loadThreads(): Promise<void> {
  threads.value = (await call<Page<Thread>>('v1/inbox?limit=15')).items;
}

/** Learns the names that are not known yet. */
export async function loadNames(ids: readonly string[]): Promise<void> {
  const missing = [...new Set(ids)].filter((id) => !(id in names.value));
  const found = await Promise.all(
    missing.map(async (id) => {
      const { username } = await call<{ username: string | null }>(`v1/users/${encodeURIComponent(id)}`).catch(() => ({
        username: null,
      }));
      return [id, username ?? id] as const;
    }),
  );
  if (found.length > 0) names.value = { ...names.value, ...Object.fromEntries(found) };
}

/** Asks again and again while the page can be seen; what goes wrong shows in the next try. */
function every(ms: number, ask: () => Promise<unknown>): () => void {
  let over = false;
  const turn = async () => {
    while (!over) {
      if (!document.hidden) await ask().catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, ms));
    }
  };
  void turn();
  return () => {
    over = true;
  };
}

/** Keeps everything fresh for whoever is signed in. */
export function startWorld(): () => void {
  return effect(() => {
    const person = me.value;
    if (!person) return;
    // One stream a window: a browser opens six connections to a host for all of its windows together.
    const stops = [
      every(feedMs, loadFeed),
      every(feedMs, loadNotices),
      every(trendsMs, async () => {
        trends.value = await call('v1/trending?limit=6');
      }),
      follow('v1/inbox/events', ['ready', 'reset', 'message', 'read'], () => {
        live.value = true;
        messagesCame.value += 1;
        void loadThreads().catch(() => undefined);
      }),
    ];
    return () => {
      live.value = false;
      for (const stop of stops) stop();
    };
  });
}
