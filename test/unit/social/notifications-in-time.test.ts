/** Notifications while time goes by: gathering, nights, both changes of the clocks. In a database whose clock the test moves. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { announceNotificationHandler } from '../../../jobs/realtime/announce-notification.handler.ts';
import { announceNotification } from '../../../jobs/realtime/announce-notification.job.ts';
import { notifyHandler } from '../../../jobs/realtime/notify.handler.ts';
import { notify } from '../../../jobs/realtime/notify.job.ts';
import type { DatabaseFor } from '../../../src/contract/index.ts';
import type { Database } from '../../../src/ledger/database.ts';
import { migrate } from '../../../src/ledger/migrate.ts';
import { rewriterFor } from '../../../src/ledger/schema.ts';
import { type SocialServices, socialMigrations } from '../../../src/social/index.ts';
import { Announcements } from '../../../src/social/notifications/announcements.ts';
import { Announcing } from '../../../src/social/notifications/announcing.ts';
import { DecisionStore } from '../../../src/social/notifications/decisions.ts';
import { PreferenceStore } from '../../../src/social/notifications/preferences.ts';
import type { QuietHours } from '../../../src/social/notifications/quiet-hours.ts';
import { NotificationStore } from '../../../src/social/notifications/store.ts';
import { UserStore } from '../../../src/social/stores/users.ts';
import { createTestTwolane, type TestTwolane } from '../../../src/testing/index.ts';
import { long } from '../../support/long.ts';

const slow = 60_000;
let twolane: TestTwolane;
let preferences: PreferenceStore;
const query = async (text: string, values: unknown[] = []) => (await twolane.database.query(text, values)).rows;

/** Call it inside `describe`: its tests share one world, in which time goes on. */
function useWorld(now: string) {
  beforeAll(async () => {
    twolane = await createTestTwolane({
      catalog: { notify, 'announce-notification': announceNotification },
      now,
      handlers: ({ enqueuer, database }) => {
        const db = (() => database) as unknown as DatabaseFor;
        const list = new NotificationStore(db);
        const announcing = new Announcing({
          list,
          decisions: new DecisionStore(db),
          announcements: new Announcements({ list, users: new UserStore(db), events: { tell: async () => undefined } }),
          followUps: enqueuer,
          wakes: { wake: async () => undefined },
          configured: [],
        });
        const social = { notifications: { announcing } } as unknown as SocialServices;
        return { notify: notifyHandler(social), 'announce-notification': announceNotificationHandler(social) };
      },
    });
    const database = { ...twolane.database, rewriter: rewriterFor('twolane') } as unknown as Database;
    await migrate({ ...database, transaction: (work) => twolane.database.transaction(work) }, [socialMigrations]);
    preferences = new PreferenceStore((() => twolane.database) as unknown as DatabaseFor);
  }, slow);
  afterAll(() => twolane?.close());
}

/** Somebody with one post, whose id is his own too. */
async function owner(id: number) {
  const [recipientId, objectId] = [`owner${id}`, String(id)];
  await query(
    `insert into twolane_social.posts (id, author_id, caption, noun, state, job_id)
     values ($1, $2, '', 'photo', 'published', 1)`,
    [id, recipientId],
  );
  const tell = (actorId: string) => twolane.enqueue(notify, { kind: 'like', actorId, recipientId, objectId });
  const rows = (columns: string, table: string, order: string) =>
    query(`select ${columns} from twolane_social.${table} where user_id = $1 order by ${order}`, [recipientId]);
  return {
    async like(...actors: string[]) {
      for (const actor of actors) {
        await query('insert into twolane_social.likes (post_id, user_id) values ($1, $2)', [id, actor]);
        await tell(actor);
      }
      await gathered();
    },
    async unlike(actor: string) {
      await query('delete from twolane_social.likes where post_id = $1 and user_id = $2', [id, actor]);
      await tell(actor);
      await gathered();
    },
    prefer: (quietHours: QuietHours) => preferences.replace(recipientId, { off: false, quietHours, channels: {} }),
    read: () => query('update twolane_social.notifications set read_at = now() where user_id = $1', [recipientId]),
    deletePost: () => query(`update twolane_social.posts set state = 'deleted' where id = $1`, [id]),
    /** What was announced, with the time of day in UTC. */
    told: async () =>
      (await rows('text, at', 'announcements', 'seq')).map(
        ({ text, at }) => `${new Date(at).toISOString().slice(11, 16)} ${text}`,
      ),
    outcomes: async () => (await rows('outcome', 'notification_decisions', 'id')).map(({ outcome }) => outcome),
    lastSteps: async () => (await rows('steps', 'notification_decisions', 'id desc'))[0]?.steps,
  };
}

/** The time in which a batch of events gathers. */
const gathered = () => twolane.clock.advance(notify.batch?.waitMs ?? 0);
const until = (moment: string) => twolane.clock.advance(Date.parse(moment) - twolane.clock.now());
const berlin = { from: '22:00', to: '07:00', timeZone: 'Europe/Berlin' };

describe('notifications in time', () => {
  useWorld('2026-10-24T12:00:00Z');

  it(
    'tell of the first liker at once and of twelve others in one update, then of later ones in another',
    async () => {
      const eva = await owner(1);
      await eva.like('Ana');
      await eva.like(...Array.from({ length: 10 }, (_, n) => `liker${n}`));
      await twolane.clock.advance('4m');
      await eva.like('Zoe', 'Tom', 'Mia');
      await eva.unlike('Zoe');
      await twolane.clock.advance('59s');
      expect(await eva.told()).toEqual(['12:00 Ana liked your photo']);
      await twolane.clock.advance('2s');
      expect(await eva.told()).toEqual(['12:00 Ana liked your photo', '12:05 Mia and 12 others liked your photo']);
      await eva.like('Leo');
      await eva.unlike('Leo');
      await twolane.clock.advance('6m');
      expect(await eva.told()).toHaveLength(2);
      await eva.like('Kim');
      expect((await eva.told())[2]).toBe('12:11 Kim and 13 others liked your photo');
      await eva.read();
      await eva.like('Pia');
      expect((await eva.told())[3]).toBe('12:11 Pia liked your photo');
    },
    slow,
  );

  it(
    'wait on when quiet hours were moved meanwhile, and are given up when the list was read',
    async () => {
      const ida = await owner(2);
      await ida.prefer({ from: '11:00', to: '13:00', timeZone: 'UTC' });
      await ida.like('Ana');
      await ida.prefer({ from: '11:00', to: '14:00', timeZone: 'UTC' });
      await until('2026-10-24T13:30:00Z');
      expect(await ida.told()).toEqual([]);
      await until('2026-10-24T14:01:00Z');
      expect(await ida.told()).toEqual(['14:00 Ana liked your photo']);
      await ida.like('Mia');
      await ida.read();
      await twolane.clock.advance('6m');
      expect(await ida.outcomes()).toEqual(['defer', 'defer', 'send', 'merge', 'drop']);
    },
    slow,
  );

  it('wait for the end of a night in which the clocks go back', () => throughTheNight('2026-10-24', '06:00'), slow);
});

describe('notifications in spring', long, () => {
  useWorld('2026-03-28T19:00:00Z');

  it('wait for the end of a night in which the clocks go forward', () => throughTheNight('2026-03-28', '05:00'), slow);
});

/** What happens in a night is told once, as it is by then, at its end. */
async function throughTheNight(evening: string, dawn: string) {
  const [uta, max] = [await owner(3), await owner(4)];
  await uta.prefer(berlin);
  await max.prefer(berlin);
  await until(`${evening}T22:30:00Z`);
  await uta.like('Ana');
  await max.like('Leo');
  await twolane.clock.advance('4h');
  await uta.like('Mia', 'Zoe');
  await uta.unlike('Zoe');
  expect(await uta.outcomes()).toEqual(['defer', 'defer', 'defer', 'drop']);
  await max.deletePost();
  await twolane.clock.advance('5h');
  expect(await uta.told()).toEqual([`${dawn} Mia and Ana liked your photo`]);
  expect(await max.told()).toEqual([]);
  expect(await max.lastSteps()).toEqual([{ gate: 'deduplicate', verdict: 'drop', reason: 'no_longer_so' }]);
}
