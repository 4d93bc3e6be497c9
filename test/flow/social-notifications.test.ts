/** Notifications gather their actors, follow what is so, and count every actor once. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { NotificationEvent } from '../../src/social/notifications/facts.ts';
import { agree } from '../../src/social/notifications/groups.ts';
import { toView } from '../../src/social/notifications/view.ts';
import { type SocialStores, socialStores } from '../support/social-stores.ts';
import { freshPrefix } from '../support/stack.ts';

let social: SocialStores;
beforeAll(async () => {
  social = await socialStores();
});
afterAll(() => social.close());

const tell = (event: NotificationEvent) => social.db.transaction((tx) => agree(tx, event));
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
