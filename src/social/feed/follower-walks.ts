/** Walks an author's followers by keyset: each step moves a fenced cursor and enqueues one page job, in one transaction. */
import type { Enqueuer } from '../../contract/enqueuer.ts';
import { FencedError } from '../../contract/errors.ts';
import type { JobContext } from '../../contract/handler.ts';
import type { JobDefinition } from '../../contract/job.ts';
import type { FanOutStore, Pass, Walk, WalkProgress } from '../stores/fan-outs.ts';
import type { FollowStore } from '../stores/follows.ts';

/** Followers of one page job: few enough for a second of work, many enough to keep the parent short. */
export const followersPerPage = 10_000;

export interface WalkRequest {
  postId: string;
  authorId: string;
  /** How many the author has. */
  followers: number;
  pass: Pass;
  /** Takes `{walkId, postId, authorId, pass, after, through}`. */
  page: JobDefinition;
}

type WalkContext = Pick<JobContext, 'id' | 'fence' | 'signal' | 'progress' | 'traceparent'>;

export class FollowerWalks {
  readonly #enqueuer: Enqueuer;
  readonly #fanOuts: FanOutStore;
  readonly #follows: FollowStore;

  constructor(enqueuer: Enqueuer, fanOuts: FanOutStore, follows: FollowStore) {
    this.#enqueuer = enqueuer;
    this.#fanOuts = fanOuts;
    this.#follows = follows;
  }

  /**
   * Enqueues the pages that are left, from wherever an earlier attempt came to, until all are or the post has changed.
   * @throws FencedError when another attempt has taken the walk over.
   */
  async run(request: WalkRequest, context: WalkContext): Promise<void> {
    const { postId, pass, followers } = request;
    const walk: Walk = { jobId: context.id, fence: context.fence };
    let progress = owned(await this.#fanOuts.take({ ...walk, postId, pass, followers }), context);
    while (!progress.finished && !progress.ended) {
      context.signal.throwIfAborted();
      progress = await this.#step(request, walk, progress, context);
      const percent = progress.finished ? 100 : Math.min(99, (100 * progress.feeds) / Math.max(1, followers));
      context.progress(Math.floor(percent), `${progress.feeds} followers in ${progress.pages} pages`);
    }
  }

  async #step(request: WalkRequest, walk: Walk, at: WalkProgress, context: WalkContext): Promise<WalkProgress> {
    const { postId, authorId, pass } = request;
    return this.#enqueuer.transaction(async (tx, enqueue) => {
      const page = await this.#follows.nextPage(tx, authorId, at.cursor, followersPerPage);
      if (!page) {
        if (!(await this.#fanOuts.finish(tx, walk))) throw new FencedError(context.id);
        return { ...at, finished: true };
      }
      const moved = owned(await this.#fanOuts.advance(tx, walk, page.through, page.count), context);
      if (moved.ended) return moved;
      await enqueue(
        request.page,
        { walkId: walk.jobId, postId, authorId, pass, after: at.cursor, through: page.through },
        { parentId: context.id, traceparent: context.traceparent, idempotencyKey: `${walk.jobId}:${moved.pages}` },
      );
      return moved;
    });
  }
}

function owned(progress: WalkProgress | undefined, context: WalkContext): WalkProgress {
  if (!progress) throw new FencedError(context.id);
  return progress;
}
