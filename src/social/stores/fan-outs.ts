/** The walks over an author's followers: a cursor that only the holder of the newest fence may move, and what came of the pages. */
import type { DatabaseFor, Queryable } from '../../contract/database.ts';

/** Whether a walk brings a post into feeds or takes it out again. */
export type Pass = 'deliver' | 'retract';

/** One walk: that of one job. */
export interface Walk {
  jobId: string;
  fence: number;
}

export interface NewWalk extends Walk {
  postId: string;
  pass: Pass;
  /** Followers that the author has. */
  followers: number;
}

export interface WalkProgress {
  /** The last follower id that was handed to a page; empty before the first. */
  cursor: string;
  /** Pages enqueued, and those that are done. */
  pages: number;
  pagesDone: number;
  /** Feeds covered by the pages enqueued, and by those done. */
  feeds: number;
  delivered: number;
  /** Every page is enqueued. */
  finished: boolean;
  /** Every page is done, or a change of the post has overtaken the walk. */
  ended: boolean;
}

/** A walk that is under way, as operators see it. */
export interface FanOut extends WalkProgress {
  jobId: string;
  postId: string;
  authorId: string;
  pass: Pass;
  /** Of the author, when it began. */
  followers: number;
  /** ISO 8601 UTC. */
  startedAt: string;
}

const columns = `f.cursor, f.pages, f.pages_done as "pagesDone", f.feeds, f.delivered, f.finished, f.ended`;

export class FanOutStore {
  readonly #db: DatabaseFor;

  constructor(db: DatabaseFor) {
    this.#db = db;
  }

  /** Starts a walk or takes over an unfinished one; undefined when somebody with a higher fence has it. */
  async take({ jobId, fence, postId, pass, followers }: NewWalk): Promise<WalkProgress | undefined> {
    const { rows } = await this.#db(postId).query<WalkProgress>(
      `insert into twolane_social.fan_outs as f (job_id, fence, post_id, pass, followers) values ($1, $2, $3, $4, $5)
       on conflict (job_id) do update set fence = excluded.fence where f.fence <= excluded.fence
       returning ${columns}`,
      [jobId, fence, postId, pass, followers],
    );
    return rows[0];
  }

  /** Moves the cursor over one page; undefined when the walk was taken over meanwhile. */
  async advance(tx: Queryable, walk: Walk, through: string, count: number): Promise<WalkProgress | undefined> {
    const { rows } = await tx.query<WalkProgress>(
      `update twolane_social.fan_outs f set cursor = $3, pages = pages + 1, feeds = feeds + $4
       where job_id = $1 and fence = $2 and cursor < $3 returning ${columns}`,
      [walk.jobId, walk.fence, through, count],
    );
    return rows[0];
  }

  /** No more pages follow. False when the walk was taken over meanwhile. */
  async finish(tx: Queryable, walk: Walk): Promise<boolean> {
    const { rowCount } = await tx.query(
      `update twolane_social.fan_outs set finished = true, ended = ended or pages_done = pages
       where job_id = $1 and fence = $2`,
      [walk.jobId, walk.fence],
    );
    return rowCount === 1;
  }

  /** Counts a page as done; belongs in the transaction that settles the page's job, so that it counts once. */
  async pageDone(tx: Queryable, jobId: string, feeds: number): Promise<void> {
    await tx.query(
      `update twolane_social.fan_outs set pages_done = pages_done + 1, delivered = delivered + $2,
         ended = ended or (finished and pages_done + 1 = pages)
       where job_id = $1`,
      [jobId, feeds],
    );
  }

  /** Ends the walks of a post, since a change of it makes them pointless; answers their jobs. */
  async overtake(tx: Queryable, postId: string): Promise<string[]> {
    const { rows } = await tx.query<{ id: string }>(
      `update twolane_social.fan_outs set ended = true where post_id = $1 and not ended returning job_id::text as id`,
      [postId],
    );
    return rows.map(({ id }) => id);
  }

  /** Of the newest walk that brings the post into feeds; undefined before it has begun. */
  async delivery(postId: string): Promise<WalkProgress | undefined> {
    const { rows } = await this.#db(postId).query<WalkProgress>(
      `select ${columns} from twolane_social.fan_outs f where post_id = $1 and pass = 'deliver' order by job_id desc limit 1`,
      [postId],
    );
    return rows[0];
  }

  /** What is under way, the newest first, at most `limit`. */
  async inProgress(limit: number): Promise<FanOut[]> {
    const { rows } = await this.#db('').query<Omit<FanOut, 'startedAt'> & { startedAt: Date }>(
      `select ${columns}, f.job_id::text as "jobId", f.post_id::text as "postId", p.author_id as "authorId", f.pass, f.followers,
         f.started_at as "startedAt"
       from twolane_social.fan_outs f join twolane_social.posts p on p.id = f.post_id
       where not f.ended order by f.job_id desc limit $1`,
      [limit],
    );
    return rows.map((row) => ({ ...row, startedAt: row.startedAt.toISOString() }));
  }
}
