/** How long it takes from a deed to the screen of whom it is told, by the class of the notification, at a steady rate. */
import { notify } from '../../jobs/realtime/notify.job.ts';
import { silentLogger } from '../../src/contract/index.ts';
import { AnnouncementSource } from '../../src/social/notifications/announcement-source.ts';
import { NotificationStore } from '../../src/social/notifications/store.ts';
import { UserStreams } from '../../src/social/streams/user-streams.ts';
import { Wakes } from '../../src/social/streams/wakes.ts';
import type { Twolane } from '../../src/twolane.ts';
import { atRate } from '../at-rate.ts';
import { startInstallation } from './installation.ts';

const people = 400;
const warmUpS = 3;

/** One kind of each class; of ten deeds so many are of it, few enough for no rate of a user to be met. */
export const mixture = [
  { name: 'critical', kind: 'logged-out', priority: 'urgent', share: 1 },
  { name: 'direct', kind: 'mention', priority: 'normal', share: 3 },
  { name: 'social', kind: 'like', priority: 'normal', share: 6 },
] as const;

/** @returns milliseconds from accepted to written on the stream, by class, those of the first three seconds left out. */
export async function notificationWaits(perS: number, seconds: number): Promise<Map<string, number[]>> {
  const { config, twolane, redis, close } = await startInstallation();
  const db = twolane.database.databaseFor;
  const wakes = new Wakes(redis, `${config.TWOLANE_PREFIX}:notifications:`, silentLogger);
  const source = new AnnouncementSource(db, new NotificationStore(db));
  const streams = new UserStreams({ source, wakes, logger: silentLogger });
  const deeds = perS * (warmUpS + seconds);
  const [accepted, shown] = [new Map<string, number>(), new Map<string, number>()];
  try {
    await addWorld(twolane, deeds);
    for (let n = 0; n < people; n += 1)
      await streams.watch(`user-${n}`, undefined, ({ event, data }) => {
        if (event === 'notification') shown.set((data as { objectId: string }).objectId, performance.now());
      });
    await atRate(perS, deeds, async (n) => {
      const [objectId, recipientId] = [String(n + 1), `user-${n % people}`];
      const { kind, priority } = classOf(n);
      const actorId = kind === 'logged-out' ? recipientId : 'somebody';
      await twolane.enqueue(notify, { kind, actorId, recipientId, objectId }, { priority });
      accepted.set(objectId, performance.now());
    });
    while (shown.size < deeds) await new Promise((resolve) => setTimeout(resolve, 20));
  } finally {
    streams.close();
    await wakes.close();
    await close();
  }
  const waits = new Map(mixture.map(({ name }): [string, number[]] => [name, []]));
  for (let n = perS * warmUpS; n < deeds; n += 1) {
    const [from, to] = [accepted.get(String(n + 1)), shown.get(String(n + 1))];
    waits.get(classOf(n).name)?.push(Math.max(0, (to ?? Number.NaN) - (from ?? 0)));
  }
  return waits;
}

function classOf(n: number): (typeof mixture)[number] {
  let place = n % 10;
  for (const one of mixture) {
    place -= one.share;
    if (place < 0) return one;
  }
  throw new RangeError('The shares are ten in all');
}

/** A post per deed, liked and with a comment that mentions its author. */
async function addWorld({ database }: Twolane, deeds: number): Promise<void> {
  await database.query(
    `insert into twolane_social.posts (id, author_id, caption, noun, job_id, state)
     select n, 'user-' || (n - 1) % ${people}, '', 'photo', 1, 'published' from generate_series(1, $1::int) n`,
    [deeds],
  );
  await database.query(
    `insert into twolane_social.likes (post_id, user_id) select n, 'somebody' from generate_series(1, $1::int) n`,
    [deeds],
  );
  await database.query(
    `insert into twolane_social.comments (id, post_id, author_id, text) select n, n, 'somebody', '' from generate_series(1, $1::int) n`,
    [deeds],
  );
  await database.query(
    `insert into twolane_social.comment_mentions (comment_id, user_id, post_id, author_id)
     select n, 'user-' || (n - 1) % ${people}, n, 'somebody' from generate_series(1, $1::int) n`,
    [deeds],
  );
}
