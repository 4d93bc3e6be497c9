/** Changes of a post that its readers see at once and the feeds' storage by a job: deleting it, and who may see it. */
import { fanOutPost } from '../../../jobs/realtime/fan-out-post.job.ts';
import { retractPost } from '../../../jobs/realtime/retract-post.job.ts';
import type { Queryable } from '../../contract/database.ts';
import type { Enqueue } from '../../contract/enqueue.ts';
import type { Enqueuer } from '../../contract/enqueuer.ts';
import type { FanOutStore } from '../stores/fan-outs.ts';
import type { Audience, Post, PostStore } from '../stores/posts.ts';

export interface PostChangesParts {
  posts: PostStore;
  fanOuts: FanOutStore;
  enqueuer: Enqueuer;
  cancel(jobId: string, reason: string): Promise<void>;
}

export class PostChanges {
  readonly #parts: PostChangesParts;

  constructor(parts: PostChangesParts) {
    this.#parts = parts;
  }

  /** Deletes a post and cancels what brings it into feeds; again does nothing. */
  async remove(postId: string, traceparent?: string): Promise<void> {
    const { posts, enqueuer, cancel } = this.#parts;
    const pointless = await enqueuer.transaction(async (tx, enqueue) => {
      const before = await posts.remove(tx, postId);
      if (!before) return [];
      const overtaken = await this.#retract(tx, enqueue, before, traceparent);
      return [before.jobId, ...overtaken.filter((id) => id !== before.jobId)];
    });
    await cancelEach(cancel, pointless, 'post deleted');
  }

  /** Says who may see a post. One for its author alone leaves all feeds, and comes back when it is for others again. */
  async show(postId: string, audience: Audience, traceparent?: string): Promise<void> {
    const { posts, enqueuer, cancel } = this.#parts;
    const overtaken = await enqueuer.transaction(async (tx, enqueue) => {
      const before = await posts.changeAudience(tx, postId, audience);
      if (before?.state !== 'published' || (before.audience !== 'me' && audience !== 'me')) return [];
      if (audience === 'me') return this.#retract(tx, enqueue, before, traceparent);
      const job = await enqueue(fanOutPost, { postId, authorId: before.authorId }, { traceparent });
      await posts.setJob(tx, postId, job.id);
      return this.#parts.fanOuts.overtake(tx, postId);
    });
    await cancelEach(cancel, overtaken, 'audience changed');
  }

  /** Takes a post out of the feeds' storage, if it was written there; answers the jobs that this makes pointless. */
  async #retract(tx: Queryable, enqueue: Enqueue, before: Post, traceparent: string | undefined): Promise<string[]> {
    const { id: postId, authorId, state, merged } = before;
    if (state === 'published' && !merged) await enqueue(retractPost, { postId, authorId }, { traceparent });
    return this.#parts.fanOuts.overtake(tx, postId);
  }
}

/** They would find it out by themselves; cancelled they do so at once, and say why. */
async function cancelEach(cancel: PostChangesParts['cancel'], jobIds: readonly string[], why: string): Promise<void> {
  for (const id of jobIds) await cancel(id, why);
}
