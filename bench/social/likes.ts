/** How quickly likes become part of notifications: all of one post, which take turns at its author's one notification. */
import { notify } from '../../jobs/realtime/notify.job.ts';
import { startInstallation } from './installation.ts';

/** @returns likes per second of one post, from the first job that runs until all have been decided. */
export async function likesOfOnePost(likes: number): Promise<number> {
  const { twolane, close } = await startInstallation();
  const { database } = twolane;
  try {
    await database.query(
      `insert into twolane_social.posts (id, author_id, caption, noun, job_id, state) values (1, 'star', '', 'photo', 1, 'published')`,
    );
    await database.query(
      `insert into twolane_social.likes (post_id, user_id) select 1, 'fan-' || n from generate_series(1, $1::int) n`,
      [likes],
    );
    const items = Array.from({ length: likes }, (_, n) => ({
      job: notify,
      payload: { kind: 'like' as const, actorId: `fan-${n + 1}`, recipientId: 'star', objectId: '1' },
    }));
    const startedAt = performance.now();
    for (let at = 0; at < likes; at += 5_000) await twolane.enqueueMany(items.slice(at, at + 5_000));
    for (let decided = 0; decided < likes; ) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      const { rows } = await database.query<{ n: number }>(
        'select count(*)::int as n from twolane_social.notification_actors',
      );
      decided = rows[0]?.n ?? 0;
    }
    return likes / ((performance.now() - startedAt) / 1_000);
  } finally {
    await close();
  }
}
