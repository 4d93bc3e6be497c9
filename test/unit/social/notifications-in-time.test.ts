/** Notifications while time goes by: gathering, nights, both changes of the clocks. In a database whose clock the test moves. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { announceNotificationHandler } from '../../../jobs/realtime/announce-notification.handler.ts';
import { announceNotification } from '../../../jobs/realtime/announce-notification.job.ts';
import { notifyHandler } from '../../../jobs/realtime/notify.handler.ts';
import { notify } from '../../../jobs/realtime/notify.job.ts';
import type { DatabaseFor } from '../../../src/contract/index.ts';
import type { Database } from '../../../src/ledger/database.ts';
import { migrate } from '../../../src/ledger/migrate.ts';
import { rewriterFor } from '../../../src/ledger/schema.ts';
import { type SocialServices, socialMigrations } from '../../../src/social/index.ts';
import { Announcing } from '../../../src/social/notifications/announcing.ts';
import { DecisionStore } from '../../../src/social/notifications/decisions.ts';
import { PreferenceStore } from '../../../src/social/notifications/preferences.ts';
import { NotificationStore } from '../../../src/social/notifications/store.ts';
import { UserStore } from '../../../src/social/stores/users.ts';
import { createTestTwolane, type TestTwolane } from '../../../src/testing/index.ts';

let twolane: TestTwolane;
let preferences: PreferenceStore;
const query = async (text: string, values: unknown[] = []) => (await twolane.database.query(text, values)).rows;

beforeEach(async () => {
  twolane = await createTestTwolane({
    catalog: { notify, 'announce-notification': announceNotification },
    now: '2026-03-28T12:00:00Z',
    handlers: ({ enqueuer, database }) => {
      const db = (() => database) as unknown as DatabaseFor;
      const announcing = new Announcing({
        list: new NotificationStore(db),
        decisions: new DecisionStore(db),
        users: new UserStore(db),
        events: { tell: async () => undefined },
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
  await query(
    `insert into twolane_social.posts (id, author_id, caption, noun, state, job_id) values (7, 'eva', '', 'photo', 'published', 1)`,
  );
});
afterEach(() => twolane?.close());

async function like(actorId: string, objectId = '7') {
  await query('insert into twolane_social.likes (post_id, user_id) values ($1, $2)', [objectId, actorId]);
  await tell(actorId, objectId);
}
async function unlike(actorId: string) {
  await query('delete from twolane_social.likes where user_id = $1', [actorId]);
  await tell(actorId);
}
async function tell(actorId: string, objectId = '7') {
  await twolane.enqueue(notify, { kind: 'like', actorId, recipientId: 'eva', objectId });
  await twolane.drain();
}
/** What was announced, with the time of day in UTC. */
const told = async () =>
  (await query('select text, at from twolane_social.announcements order by seq')).map(
    ({ text, at }) => `${new Date(at).toISOString().slice(11, 16)} ${text}`,
  );
const outcomes = async () =>
  (await query('select outcome from twolane_social.notification_decisions order by id')).map(({ outcome }) => outcome);

describe('notifications in time', () => {
  it('tell of the first liker at once and of twelve others in one update, then of later ones in another', async () => {
    await like('Ana');
    for (let n = 0; n < 10; n++) {
      await twolane.clock.advance('20s');
      await like(`liker${n}`);
    }
    await like('Zoe');
    await like('Tom');
    await like('Mia');
    await unlike('Zoe');
    expect(await told()).toEqual(['12:00 Ana liked your photo']);
    await twolane.clock.advance('99s');
    expect(await told()).toHaveLength(1);
    await twolane.clock.advance('2s');
    expect(await told()).toEqual(['12:00 Ana liked your photo', '12:05 Mia and 12 others liked your photo']);
    await like('Leo');
    await unlike('Leo');
    await twolane.clock.advance('10m');
    expect(await told()).toHaveLength(2);
    await like('Kim');
    expect((await told())[2]).toBe('12:15 Kim and 13 others liked your photo');
    await query('update twolane_social.notifications set read_at = now()');
    await like('Pia');
    expect((await told())[3]).toBe('12:15 Pia liked your photo');
  });

  it.each([
    ['forward', '2026-03-28T20:59:00Z', '05:00'],
    ['back', '2026-10-24T19:59:00Z', '06:00'],
  ])(
    'wait for the end of a night in which the clocks go %s, once, and say what is so by then',
    async (_way, dusk, dawn) => {
      const quietHours = { from: '22:00', to: '07:00', timeZone: 'Europe/Berlin' };
      await preferences.replace('eva', { off: false, quietHours, channels: {} });
      await twolane.clock.advance(Date.parse(dusk) - twolane.clock.now());
      await twolane.clock.advance('90m');
      await like('Ana');
      await twolane.clock.advance('4h');
      await like('Mia');
      await like('Zoe');
      await unlike('Zoe');
      expect(await outcomes()).toEqual(['defer', 'defer', 'defer', 'drop']);
      await query(
        `insert into twolane_social.posts (id, author_id, caption, noun, state, job_id) values (8, 'eva', '', 'photo', 'published', 1)`,
      );
      await like('Leo', '8');
      await query(`update twolane_social.posts set state = 'deleted' where id = 8`);
      await twolane.clock.advance('24h');
      expect(await told()).toEqual([`${dawn} Mia and Ana liked your photo`]);
      const [dropped] = await query(
        `select steps from twolane_social.notification_decisions where object_id = '8' and actor_id is null`,
      );
      expect(dropped.steps).toEqual([{ gate: 'deduplicate', verdict: 'drop', reason: 'no_longer_so' }]);
    },
  );

  it('wait on when quiet hours were moved meanwhile, and are given up when the list was read', async () => {
    const quiet = (to: string) => ({ from: '11:00', to, timeZone: 'UTC' });
    await preferences.replace('eva', { off: false, quietHours: quiet('13:00'), channels: {} });
    await like('Ana');
    await preferences.replace('eva', { off: false, quietHours: quiet('14:00'), channels: {} });
    await twolane.clock.advance('90m');
    expect(await told()).toEqual([]);
    await twolane.clock.advance('31m');
    expect(await told()).toEqual(['14:00 Ana liked your photo']);
    await like('Mia');
    await query('update twolane_social.notifications set read_at = now()');
    await twolane.clock.advance('1h');
    expect(await outcomes()).toEqual(['defer', 'defer', 'send', 'merge', 'drop']);
  });
});
