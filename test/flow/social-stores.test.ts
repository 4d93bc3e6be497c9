/** The social product's rows: who follows whom, what may be seen, and counts that equal a recount. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silentLogger } from '../../src/contract/index.ts';
import { type Place, UserStreams } from '../../src/social/streams/user-streams.ts';
import { Wakes } from '../../src/social/streams/wakes.ts';
import { type SocialStores, socialStores } from '../support/social-stores.ts';
import { freshPrefix, until } from '../support/stack.ts';

let social: SocialStores;
beforeAll(async () => {
  social = await socialStores();
});
afterAll(() => social.close());

const somebody = freshPrefix;

describe('users', () => {
  it('have a name that nobody else may take, in whatever case', async () => {
    const ana = await social.users.create('Ana.One', 'hash');
    expect(ana).toMatchObject({ username: 'Ana.One', id: expect.stringMatching(/^\d+$/) });
    expect(await social.users.create('aNA.oNE', 'hash')).toBeUndefined();
    expect(await social.users.findLogin('ANA.ONE')).toMatchObject({ id: ana?.id, passwordHash: 'hash' });
  });

  it('of another product have counts as soon as somebody follows them', async () => {
    const [a, b] = [somebody(), somebody()];
    expect(await social.users.profile(b, a)).toBeUndefined();
    await social.follow(a, b);
    expect(await social.users.profile(b, a)).toEqual({
      id: b,
      username: null,
      followerCount: 1,
      followingCount: 0,
      postCount: 0,
      private: false,
      youFollow: 'yes',
    });
  });
});

describe('follows', () => {
  it('count once, however often they are repeated at once', async () => {
    const [a, b] = [somebody(), somebody()];
    const added = await Promise.all(Array.from({ length: 8 }, () => social.follow(a, b)));
    expect(added.filter(Boolean)).toHaveLength(1);
    expect(await social.users.profile(b, b)).toMatchObject({ followerCount: 1 });
    await social.db.transaction((tx) => social.follows.remove(tx, a, b));
    await social.db.transaction((tx) => social.follows.remove(tx, a, b));
    expect(await social.users.profile(b, b)).toMatchObject({ followerCount: 0 });
  });

  it('and blocks of the same two at once do not deadlock', async () => {
    for (let round = 0; round < 10; round++) {
      const [a, b] = [somebody(), somebody()];
      await Promise.all([social.follow(a, b), social.follow(b, a)]);
      await Promise.all([
        social.db.transaction((tx) => social.follows.block(tx, a, b)),
        social.db.transaction((tx) => social.follows.remove(tx, b, a)),
        social.db.transaction((tx) => social.follows.remove(tx, a, b)),
      ]);
      expect(await social.users.profile(a, a)).toMatchObject({ followerCount: 0, followingCount: 0 });
    }
  });

  it('in opposite directions at once do not deadlock', async () => {
    const people = Array.from({ length: 6 }, somebody);
    const pairs = people.flatMap((a) => people.filter((b) => b !== a).map((b) => [a, b] as const));
    await Promise.all(pairs.map(([a, b]) => social.follow(a, b)));
    for (const person of people) {
      expect(await social.users.profile(person, person)).toMatchObject({ followerCount: 5, followingCount: 5 });
    }
  });

  it('end in both directions with a block, which hides each from the other', async () => {
    const [a, b] = [somebody(), somebody()];
    await Promise.all([social.follow(a, b), social.follow(b, a)]);
    const post = await social.post(b);
    expect(await social.posts.visible(post, a)).toBeDefined();
    expect(await social.db.transaction((tx) => social.follows.block(tx, a, b))).toBe(true);
    for (const viewer of [a, b]) {
      expect(await social.users.profile(viewer, viewer)).toMatchObject({ followerCount: 0, followingCount: 0 });
    }
    expect(await social.posts.visible(post, a)).toBeUndefined();
    expect(await social.posts.byAuthor(b, a, { limit: 10 })).toEqual([]);
    expect(await social.db.transaction((tx) => social.follows.apart(tx, b, a))).toBe(true);
    await social.follows.unblock(a, b);
    expect(await social.posts.visible(post, a)).toBeDefined();
  });

  it('are walked in pages that cover every follower once', async () => {
    const author = somebody();
    const followers = Array.from({ length: 23 }, (_, n) => `${author}-${n}`).sort();
    await Promise.all(followers.map((follower) => social.follow(follower, author)));
    const walked: string[] = [];
    for (let after = ''; ; ) {
      const page = await social.follows.nextPage(social.db, author, after, 10);
      if (!page) break;
      const members = await social.follows.between(author, after, page.through);
      expect(members).toHaveLength(page.count);
      walked.push(...members);
      after = page.through;
    }
    expect(walked).toEqual(followers);
  });
});

describe('posts', () => {
  it('are published once, and count from then on', async () => {
    const author = somebody();
    const id = await social.post(author, { publish: false });
    expect(await social.posts.visible(id, author)).toBeUndefined();
    const published = await Promise.all([1, 2, 3].map(() => social.posts.publish(id, 100_000)));
    expect(published.filter(Boolean)).toHaveLength(1);
    expect(await social.users.profile(author, author)).toMatchObject({ postCount: 1 });
    expect(await social.posts.visible(id, author)).toMatchObject({ id, mediaIds: ['7'], state: 'published' });
  });

  it('are deleted once and can be published no more', async () => {
    const author = somebody();
    const [published, pending] = [await social.post(author), await social.post(author, { publish: false })];
    const remove = async (id: string) => (await social.db.transaction((tx) => social.posts.remove(tx, id)))?.state;
    expect([await remove(published), await remove(published)]).toEqual(['published', undefined]);
    expect(await remove(pending)).toBe('pending');
    expect(await social.posts.publish(pending, 100_000)).toBe(false);
    expect(await social.users.profile(author, author)).toMatchObject({ postCount: 0 });
    expect(await social.posts.byAuthor(author, author, { limit: 10 })).toEqual([]);
  });

  it('have a like count that equals a recount after any run of likes and unlikes', async () => {
    const step = fc.record({ user: fc.integer({ min: 0, max: 4 }), like: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const id = await social.post(somebody());
        const liking = new Set<number>();
        await Promise.all(
          [0, 1, 2, 3, 4].map(async (user) => {
            for (const { like } of steps.filter((one) => one.user === user)) {
              await social.db.transaction((tx) => social.likes[like ? 'add' : 'remove'](tx, id, `u${user}`));
              liking[like ? 'add' : 'delete'](user);
            }
          }),
        );
        expect((await social.posts.find(id))?.likeCount).toBe(liking.size);
      }),
      { numRuns: 15 },
    );
  });

  it('show comments newest first, without those of the blocked', async () => {
    const [author, friend, foe] = [somebody(), somebody(), somebody()];
    const id = await social.post(author);
    const say = (who: string, text: string) => social.db.transaction((tx) => social.comments.add(tx, id, who, text));
    await say(friend, 'first');
    await say(foe, 'second');
    const last = await say(friend, 'third');
    await social.db.transaction((tx) => social.follows.block(tx, author, foe));
    const seen = await social.comments.page(id, author, { limit: 10 });
    expect(seen.map((comment) => comment.text)).toEqual(['third', 'first']);
    expect(await social.comments.page(id, author, { limit: 10, before: last })).toHaveLength(1);
    expect((await social.posts.find(id))?.commentCount).toBe(3);
  });

  it('show what a private account has said to its followers and to the author of the post', async () => {
    const [author, shy, fan, stranger] = [somebody(), somebody(), somebody(), somebody()];
    const id = await social.post(author);
    await social.follow(fan, shy);
    await social.db.transaction(async (tx) => {
      await social.comments.add(tx, id, shy, 'between us');
      await social.privacy.set(tx, shy, true);
    });
    const seen = async (viewer: string) => (await social.comments.page(id, viewer, { limit: 9 })).length;
    expect(await Promise.all([author, shy, fan, stranger].map(seen))).toEqual([1, 1, 1, 0]);
  });
});

describe('streams of events', () => {
  it('cost an event as much among a thousand as alone: one read, of the one who has something new', async () => {
    const wakes = new Wakes(social.redis, `${social.prefix}:many:`, silentLogger);
    const reads: string[][] = [];
    const source = {
      perRead: 1,
      standing: async () => ({ lastSeq: 0, greeting: {} }),
      async after(places: readonly Place[]) {
        reads.push(places.map(({ userId }) => userId));
        return places.map(() => []);
      },
      behind: async () => [],
    };
    const streams = new UserStreams({ source, wakes, logger: silentLogger });
    const people = Array.from({ length: 1_000 }, somebody);
    await Promise.all(people.map((one) => streams.watch(one, undefined, () => undefined)));
    await until('all have looked', () => reads.flat().length >= people.length);
    reads.length = 0;
    const [one] = people.slice(500) as [string];
    await wakes.wake([one]);
    await until('somebody looks', () => reads.length > 0);
    expect(reads).toEqual([[one]]);
    streams.close();
    await wakes.close();
  });

  it('that can not begin leave nobody listening', async () => {
    const wakes = new Wakes(social.redis, `${social.prefix}:wakes:`, silentLogger);
    const standing = async () => {
      expect(await wakes.online(['ana'])).toEqual(new Set(['ana']));
      throw new Error('PostgreSQL is away');
    };
    const source = { perRead: 1, standing, after: async () => [], behind: async () => [] };
    const streams = new UserStreams({ source, wakes, logger: silentLogger });
    await expect(streams.watch('ana', undefined, () => undefined)).rejects.toThrow('PostgreSQL is away');
    await until('nobody listens', async () => !(await wakes.online(['ana'])).has('ana'));
    streams.close();
    await wakes.close();
  });
});
