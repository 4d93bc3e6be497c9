/** What others did: likes, comments, new followers, messages. */
import { call } from '../api.ts';
import { loadNotices, notices } from '../world.ts';
import { Ago } from './small.tsx';

export function Notices() {
  const unread = notices.value.filter(({ readAt }) => readAt === null).length;
  const readAll = async () => {
    await call('v1/notifications/read', { method: 'POST', body: {} });
    await loadNotices();
  };
  return (
    <section class="card" aria-labelledby="activity">
      <header class="pad">
        <h2 id="activity">Activity</h2>
        {unread > 0 && (
          <button type="button" class="quiet end" onClick={() => void readAll().catch(() => undefined)}>
            Mark {unread} as read
          </button>
        )}
      </header>
      <ul class="lines" id="notices">
        {notices.value.map(({ id, text, createdAt, readAt }) => (
          <li key={id} class={readAt === null ? 'strong' : 'soft'}>
            <span>{text}</span>
            <small>
              <Ago at={createdAt} />
            </small>
          </li>
        ))}
      </ul>
      {notices.value.length === 0 && <p class="pad soft">Nothing yet.</p>}
    </section>
  );
}
