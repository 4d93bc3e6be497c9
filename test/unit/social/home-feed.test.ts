/** The pages of a feed over stores in memory: whatever happens between two pages, none is skipped and none comes twice. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { feedCap } from '../../../src/contract/feed-store.ts';
import { silentLogger } from '../../../src/contract/index.ts';
import { HomeFeed } from '../../../src/social/feed/home-feed.ts';
import { newerFirst } from '../../../src/social/ids.ts';
import type { IdPage, Post } from '../../../src/social/stores/posts.ts';
import { MemoryFeedStore } from '../../support/memory-feed-store.ts';

/** The posts of those whom one reader follows, as PostgreSQL has them. */
class World {
  readonly feeds = new MemoryFeedStore();
  readonly home = new HomeFeed(this.feeds, this, silentLogger);
  readonly #posts = new Map<string, { merged: boolean; hidden: boolean }>();
  #last = 0;

  async publish(merged: boolean): Promise<string> {
    // The first have fewer digits than those after them.
    const id = String(++this.#last + 700);
    this.#posts.set(id, { merged, hidden: false });
    if (!merged) await this.feeds.insert(['reader'], id);
    return id;
  }

  /** Hidden at once; taken out of storage when `removed`. */
  async hide(id: string, removed: boolean): Promise<void> {
    const post = this.#posts.get(id);
    if (post) post.hidden = true;
    if (removed) await this.feeds.remove(['reader'], id);
  }

  async shown(ids: readonly string[]): Promise<Post[]> {
    return ids.filter((id) => this.#posts.get(id)?.hidden === false).map((id) => ({ id }) as Post);
  }

  written = (_: string, page: IdPage) => this.#newest(false, page);
  merged = (_: string, page: IdPage) => this.#newest(true, page);

  async #newest(merged: boolean, { limit, before }: IdPage): Promise<string[]> {
    const ids = [...this.#posts].filter(([, post]) => post.merged === merged && !post.hidden).map(([id]) => id);
    const below = ids.filter((id) => before === undefined || newerFirst(before, id) < 0);
    return below.sort(newerFirst).slice(0, limit);
  }
}

const happening = fc.record({ what: fc.constantFrom('publish', 'merge', 'hide', 'remove', 'lose'), n: fc.nat(1_000) });
const history = fc.record({
  // Sometimes more than a feed stores.
  posts: fc.oneof(fc.integer({ min: 0, max: 30 }), fc.integer({ min: feedCap - 5, max: feedCap + 60 })),
  mergedOneIn: fc.integer({ min: 1, max: 9 }),
  pages: fc.integer({ min: 1, max: 12 }),
  meanwhile: fc.array(fc.array(happening, { maxLength: 4 }), { maxLength: 12 }),
});

describe('the pages of a feed', () => {
  it('hold every post that stays exactly once, newest first', async () => {
    await fc.assert(
      fc.asyncProperty(history, async ({ posts, mergedOneIn, pages, meanwhile }) => {
        const world = new World();
        await world.home.page('reader', { limit: 1 });
        const atFirst: string[] = [];
        for (let n = 1; n <= posts; n += 1) atFirst.push(await world.publish(n % mergedOneIn === 0 && mergedOneIn > 1));
        const limit = Math.max(1, Math.ceil(posts / pages));
        const [seen, gone] = [[] as string[], new Set<string>()];
        for (let before: string | undefined, page = 0; ; page += 1) {
          const { items, nextCursor } = await world.home.page('reader', { limit, ...(before && { before }) });
          expect(items.length).toBeLessThanOrEqual(limit);
          seen.push(...items.map(({ id }) => id));
          if (nextCursor === null) break;
          before = nextCursor;
          for (const { what, n } of meanwhile[page] ?? []) {
            const post = atFirst[n % atFirst.length];
            if (what === 'publish' || what === 'merge') await world.publish(what === 'merge');
            else if (what === 'lose') await world.feeds.forget(['reader']);
            else if (post) {
              gone.add(post);
              await world.hide(post, what === 'remove');
            }
          }
        }
        expect(seen).toEqual([...new Set(seen)].sort(newerFirst));
        expect(new Set([...seen, ...gone])).toEqual(new Set(atFirst));
      }),
      { numRuns: 60 },
    );
  });
});
