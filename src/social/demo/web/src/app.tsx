/** The frame of the demo: who one is, and the columns, of which a narrow window shows one at a time. */
import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { at, become, me } from './api.ts';
import { Feed } from './parts/feed.tsx';
import { Messages } from './parts/messages.tsx';
import { Notices } from './parts/notices.tsx';
import { Share } from './parts/share.tsx';
import { SignIn } from './parts/sign-in.tsx';
import { Trends } from './parts/trends.tsx';
import { live, notices, startWorld, threads } from './world.ts';

const tabs = ['Feed', 'Share', 'Activity', 'Messages'] as const;
const shown = signal<(typeof tabs)[number]>('Feed');

export function App() {
  useEffect(startWorld, []);
  return (
    <>
      <header class="top">
        <a class="brand" href={at('')}>
          <i aria-hidden="true" />
          Twolane demo
        </a>
        {me.value && <Who username={me.value.username} />}
      </header>
      {me.value ? <World /> : <SignIn />}
    </>
  );
}

function Who({ username }: { username: string }) {
  return (
    <div class="who">
      <span class={live.value ? 'live' : 'live held'}>{live.value ? 'live' : 'connecting'}</span>
      <span>
        You are <b id="me">{username}</b>
      </span>
      <button type="button" onClick={() => become(null)}>
        Be somebody else
      </button>
    </div>
  );
}

/** What waits to be seen in a part of the page. */
function news(tab: (typeof tabs)[number]): number {
  if (tab === 'Activity') return notices.value.filter(({ readAt }) => readAt === null).length;
  return tab === 'Messages' ? threads.value.reduce((sum, { unreadCount }) => sum + unreadCount, 0) : 0;
}

function World() {
  return (
    <>
      <nav class="tabs" aria-label="Parts of the page">
        {tabs.map((tab) => (
          <button type="button" key={tab} aria-pressed={shown.value === tab} onClick={() => (shown.value = tab)}>
            {tab}
            {news(tab) > 0 && <span class="count">{news(tab)}</span>}
          </button>
        ))}
      </nav>
      <main class="demo" data-shown={shown.value}>
        <h1 class="hidden">What {me.value?.username} sees</h1>
        <div class="column" data-part="Share">
          <Share />
          <Trends />
        </div>
        <div class="column" data-part="Feed">
          <Feed />
        </div>
        <div class="column side">
          <div data-part="Activity">
            <Notices />
          </div>
          <div data-part="Messages">
            <Messages />
          </div>
        </div>
      </main>
    </>
  );
}
