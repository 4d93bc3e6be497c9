/** Notifications gather their actors, follow what is so, and count every actor once. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { announceNotification } from '../../jobs/realtime/announce-notification.job.ts';
import type { EnqueueItem, Enqueuer, Queryable } from '../../src/contract/index.ts';
import { Announcements } from '../../src/social/notifications/announcements.ts';
import { Announcing } from '../../src/social/notifications/announcing.ts';
import { DecisionStore } from '../../src/social/notifications/decisions.ts';
import type { NotificationEvent } from '../../src/social/notifications/facts.ts';
import { agree } from '../../src/social/notifications/groups.ts';
import { toView } from '../../src/social/notifications/view.ts';
import { long } from '../support/long.ts';
import { type SocialStores, socialStores } from '../support/social-stores.ts';
import { freshPrefix } from '../support/stack.ts';

let social: SocialStores;
beforeAll(async () => {
  social = await socialStores();
});
afterAll(() => social.close());

const tell = (event: NotificationEvent) => social.db.transaction((tx) => agree(tx, event, [event.actorId]));
const texts = async (user: string, names = new Map<string, string>()) =>
  (await social.notifications.page(user, { limit: 50 })).map((item) => toView(item, names).text);

async function likedPost() {
  const author = freshPrefix();
  const objectId = await social.post(author);
  const event = (actorId: string): NotificationEvent => ({ kind: 'like', actorId, recipientId: author, objectId });
  return {
    author,
    objectId,
    event,
    async like(actor: string) {
      await social.db.transaction((tx) => social.likes.add(tx, objectId, actor));
      await tell(event(actor));
    },
    async unlike(actor: string) {
      await social.db.transaction((tx) => social.likes.remove(tx, objectId, actor));
      await tell(event(actor));
    },
  };
}

describe('notifications of likes', () => {
  it('name the first actor, then the newest and the number of the others', async () => {
    const { author, like } = await likedPost();
    const names = new Map(Object.entries({ a0: 'Ana', a12: 'Mia' }));
    await like('a0');
    expect(await texts(author, names)).toEqual(['Ana liked your photo']);
    for (let n = 1; n <= 12; n++) await like(`a${n}`);
    expect(await texts(author, names)).toEqual(['Mia and 12 others liked your photo']);
  });

  it('count an actor once, however often the job runs, also at once', async () => {
    const { author, like, event } = await likedPost();
    await like('a');
    await like('b');
    for (let n = 0; n < 3; n++) await Promise.all([tell(event('a')), tell(event('b'))]);
    expect(await texts(author)).toEqual(['b and a liked your photo']);
  });

  it('gather many actors that come at the same time', async () => {
    const { author, like } = await likedPost();
    await Promise.all(Array.from({ length: 30 }, (_, n) => like(`c${n}`)));
    const [only, ...others] = await social.notifications.page(author, { limit: 50 });
    expect(only).toMatchObject({ count: 30, unread: true });
    expect(others).toEqual([]);
  });

  it('forget an actor who took the like back before it was read', async () => {
    const { author, like, unlike } = await likedPost();
    await like('a');
    await like('b');
    await unlike('b');
    expect(await texts(author)).toEqual(['a liked your photo']);
    await like('b');
    expect(await texts(author)).toEqual(['b and a liked your photo']);
    await unlike('a');
    await unlike('b');
    expect(await texts(author)).toEqual([]);
  });

  it('do not come back for an actor who was read about already', async () => {
    const { author, like, unlike } = await likedPost();
    await like('a');
    await social.notifications.markRead(author);
    await unlike('a');
    await like('a');
    const [only, ...others] = await social.notifications.page(author, { limit: 50 });
    expect(only).toMatchObject({ count: 1, unread: false, readAt: expect.any(Date) });
    expect(others).toEqual([]);
  });

  it('open a new group after the last one was read, shown before it', async () => {
    const { author, like } = await likedPost();
    await like('a');
    await like('b');
    await social.notifications.markRead(author);
    await like('c');
    expect(await texts(author)).toEqual(['c liked your photo', 'b and a liked your photo']);
  });

  it('stay away from posts that were deleted meanwhile', async () => {
    const { author, like, objectId } = await likedPost();
    await social.db.transaction((tx) => social.posts.remove(tx, objectId));
    await like('a');
    expect(await texts(author)).toEqual([]);
  });
});

describe('any run of likes, unlikes and looks at the list', () => {
  const deed = fc.record({ what: fc.constantFrom('like', 'like', 'unlike', 'read', 'again' as const), who: fc.nat(3) });
  const agreesWithAModel = (numRuns: number) =>
    fc.assert(
      fc.asyncProperty(fc.array(deed, { minLength: 1, maxLength: 14 }), async (deeds) => {
        const { author, like, unlike, event } = await likedPost();
        const liking = new Set<string>();
        /** Groups by actors in the order in which they joined: the unread one, and those that were read, the newest first. */
        let open: string[] = [];
        const read: string[][] = [];
        for (const { what, who } of deeds) {
          const actor = `p${who}`;
          if (what === 'again') await Promise.all([tell(event(actor)), tell(event(actor))]);
          if (what === 'read') {
            await social.notifications.markRead(author);
            if (open.length > 0) read.unshift(open);
            open = [];
          }
          if (what === 'like') {
            await like(actor);
            if (!liking.has(actor) && ![open, ...read].flat().includes(actor)) open.push(actor);
            liking.add(actor);
          }
          if (what === 'unlike') {
            await unlike(actor);
            liking.delete(actor);
            open = open.filter((other) => other !== actor);
          }
          const shown = await social.notifications.page(author, { limit: 50 });
          const expected = [...(open.length > 0 ? [open] : []), ...read];
          expect(shown.map(({ count, actorIds }) => [count, actorIds])).toEqual(
            expected.map((actors) => [actors.length, actors.toReversed().slice(0, 3)]),
          );
          expect(await social.notifications.unreadCount(author)).toBe(open.length > 0 ? 1 : 0);
        }
      }),
      { numRuns },
    );

  it('leaves the lists that a model has', () => agreesWithAModel(8));
  it('leaves them in 500 runs', { ...long, timeout: 600_000 }, () => agreesWithAModel(500));
});

describe('mentions by a private account', () => {
  it('are in the lists of those who may see them, at once and again, and in storage soon', async () => {
    const [owner, mia, leo, reader, fan] = Array.from({ length: 5 }, freshPrefix) as [
      string,
      string,
      string,
      string,
      string,
    ];
    const [post, other] = [await social.post(owner), await social.post(owner)];
    const mention = async (authorId: string, postId: string, users: readonly string[]) => {
      const id = await social.db.transaction((tx) => social.comments.add(tx, postId, authorId, 'look'));
      await social.db.query(
        `insert into twolane_social.comment_mentions (comment_id, user_id, post_id, author_id)
         select $1, unnest($2::text[]), $3, $4`,
        [id, users, postId, authorId],
      );
      for (const recipientId of users)
        await tell({ kind: 'mention', actorId: authorId, recipientId, objectId: postId });
    };
    await social.follow(fan, mia);
    await mention(leo, post, [reader]);
    await mention(mia, post, [reader, fan, owner]);
    await mention(mia, other, [reader]);
    const seen = async (user: string) => [await texts(user), await social.notifications.unreadCount(user)];
    const stored = async () =>
      (
        await social.db.query<{ n: number }>(
          'select count(*)::int as n from twolane_social.notification_actors where user_id = any($1) and actor_id = $2',
          [[reader, fan, owner], mia],
        )
      ).rows[0]?.n;
    const [byMia, byBoth] = [`${mia} mentioned you in a comment`, `${mia} and ${leo} mentioned you in a comment`];
    expect(await seen(reader)).toEqual([[byMia, byBoth], 2]);
    await social.notifications.markRead(reader);

    const become = (isPrivate: boolean) => social.db.transaction((tx) => social.privacy.set(tx, mia, isPrivate));
    await become(true);
    const [openToAll, nobody] = [[`${leo} mentioned you in a comment`], 0];
    expect(await seen(reader)).toEqual([openToAll, nobody]);
    expect([await seen(fan), await seen(owner)]).toEqual([
      [[byMia], 1],
      [[byMia], 1],
    ]);
    expect(await stored()).toBe(4);
    await become(false);
    expect(await seen(reader)).toEqual([[byMia, byBoth], 0]);
    await become(true);
    const { signal } = new AbortController();
    for (let n = 0; n < 2; n++) await social.privacy.hide({ userId: mia }, signal);
    expect(await stored()).toBe(2);
    expect(await seen(reader)).toEqual([openToAll, nobody]);

    await social.db.transaction((tx) => social.follows.remove(tx, fan, mia));
    expect(await seen(fan)).toEqual([[], 0]);
    await social.privacy.hide({ userId: mia, fromId: fan }, signal);
    expect([await stored(), await seen(owner)]).toEqual([1, [[byMia], 1]]);
    await mention(mia, other, [fan]);
    expect(await seen(fan)).toEqual([[], 0]);
  });
});

describe('a hundred likes that come at once', () => {
  it('are one change of the notification: the first is told, the others wait for one update', async () => {
    const { db, users, notifications: list } = social;
    const items: EnqueueItem[] = [];
    const followUps = { enqueueIn: async (_tx: Queryable, more: EnqueueItem[]) => items.push(...more) };
    const announcing = new Announcing({
      list,
      decisions: new DecisionStore(db.databaseFor),
      announcements: new Announcements({ list, users, events: { tell: async () => undefined } }),
      followUps: followUps as unknown as Enqueuer,
      wakes: { wake: async () => undefined },
      configured: [],
    });
    const { author, objectId, event } = await likedPost();
    const actors = Array.from({ length: 100 }, (_, n) => `l${n}`);
    await db.query('insert into twolane_social.likes (post_id, user_id) select $1, unnest($2::text[])', [
      objectId,
      actors.slice(1),
    ]);
    let statements = 0;
    const counting = (tx: Queryable): Queryable => ({
      query(text, values) {
        statements += 1;
        return tx.query(text, values);
      },
    });
    const hear = (ids: readonly string[]) => {
      const events = ids.map((id) => ({ event: event(id), traceparent: undefined }));
      return announcing.hear(events, (effect) => db.transaction((tx) => effect(counting(tx))));
    };
    await hear(actors);
    expect(statements).toBeLessThan(12);
    const told = async () =>
      (await db.query('select text from twolane_social.announcements where user_id = $1 order by seq', [author])).rows;
    expect(await told()).toEqual([{ text: 'l1 liked your photo' }]);
    expect(await texts(author)).toEqual(['l99 and 98 others liked your photo']);
    const { rows } = await db.query<{ outcome: string; n: number }>(
      `select outcome, count(*)::int as n from twolane_social.notification_decisions where user_id = $1 group by 1 order by 1`,
      [author],
    );
    expect(rows.map(({ outcome, n }) => [outcome, n])).toEqual([
      ['drop', 1],
      ['merge', 98],
      ['send', 1],
    ]);
    expect(items.map(({ job }) => job)).toEqual([announceNotification]);
    await hear(actors.slice(1));
    expect([items.length, (await told()).length]).toEqual([1, 1]);
  });
});

describe('the notification list', () => {
  it('shows unread ones first and pages without gap or repetition', async () => {
    const user = freshPrefix();
    const events: NotificationEvent[] = [];
    for (let n = 0; n < 7; n++) {
      const objectId = await social.post(user);
      await social.db.transaction((tx) => social.likes.add(tx, objectId, 'x'));
      events.push({ kind: 'like', actorId: 'x', recipientId: user, objectId });
    }
    for (const event of events) await tell(event);
    const all = await social.notifications.page(user, { limit: 50 });
    await social.notifications.markRead(
      user,
      [all[0], all[1], all[4]].map((item) => item?.id as string),
    );
    const order = [2, 3, 5, 6, 0, 1, 4].map((index) => all[index]?.id);
    const seen: (string | undefined)[] = [];
    for (let page = await social.notifications.page(user, { limit: 3 }); page.length > 0; ) {
      seen.push(...page.map((item) => item.id));
      page = await social.notifications.page(user, { limit: 3, after: page.at(-1) });
    }
    expect(seen).toEqual(order);
  });

  it('tells of a new follower once, and no more when the follow was taken back', async () => {
    const [a, b] = [freshPrefix(), freshPrefix()];
    const event: NotificationEvent = { kind: 'follow', actorId: a, recipientId: b, objectId: b };
    await social.follow(a, b);
    await tell(event);
    await tell(event);
    expect(await texts(b)).toEqual([`${a} started following you`]);
    await social.db.transaction((tx) => social.follows.remove(tx, a, b));
    await tell(event);
    expect(await texts(b)).toEqual([]);
  });

  it("marks nobody else's notifications as read", async () => {
    const { author, like } = await likedPost();
    await like('a');
    const [item] = await social.notifications.page(author, { limit: 1 });
    await social.notifications.markRead(freshPrefix(), [item?.id as string]);
    expect((await social.notifications.page(author, { limit: 1 }))[0]?.unread).toBe(true);
  });
});
