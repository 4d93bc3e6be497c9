/** The walks over an author's followers: a cursor that only the holder of the newest fence may move, and what came of the pages. */
import type { DatabaseFor, Queryable } from '../../contract/database.ts';

/** Whether a walk brings a post into feeds or takes it out again. */
export type Pass = 'deliver' | 'retract';

export interface Walk {
  postId: string;
  pass: Pass;
  fence: number;
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
}

const columns = `cursor, pages, pages_done as "pagesDone", feeds, delivered, finished`;

export class FanOutStore {
  readonly #db: DatabaseFor;

  constructor(db: DatabaseFor) {
    this.#db = db;
  }

  /** Starts a walk or takes over an unfinished one; undefined when somebody with a higher fence has it. */
  async take({ postId, pass, fence }: Walk): Promise<WalkProgress | undefined> {
    const { rows } = await this.#db(postId).query<WalkProgress>(
      `insert into twolane_social.fan_outs as f (post_id, pass, fence) values ($1, $2, $3)
       on conflict (post_id, pass) do update set fence = excluded.fence where f.fence <= excluded.fence
       returning ${columns}`,
      [postId, pass, fence],
    );
    return rows[0];
  }

  /** Moves the cursor over one page; undefined when the walk was taken over meanwhile. */
  async advance(tx: Queryable, walk: Walk, through: string, count: number): Promise<WalkProgress | undefined> {
    const { rows } = await tx.query<WalkProgress>(
      `update twolane_social.fan_outs set cursor = $4, pages = pages + 1, feeds = feeds + $5
       where post_id = $1 and pass = $2 and fence = $3 and cursor < $4 returning ${columns}`,
      [walk.postId, walk.pass, walk.fence, through, count],
    );
    return rows[0];
  }

  /** False when the walk was taken over meanwhile. */
  async finish(tx: Queryable, walk: Walk): Promise<boolean> {
    const { rowCount } = await tx.query(
      'update twolane_social.fan_outs set finished = true where post_id = $1 and pass = $2 and fence = $3',
      [walk.postId, walk.pass, walk.fence],
    );
    return rowCount === 1;
  }

  /** Counts a page as done; belongs in the transaction that settles the page's job, so that it counts once. */
  async pageDone(tx: Queryable, postId: string, pass: Pass, feeds: number): Promise<void> {
    await tx.query(
      `update twolane_social.fan_outs set pages_done = pages_done + 1, delivered = delivered + $3
       where post_id = $1 and pass = $2`,
      [postId, pass, feeds],
    );
  }

  /** Undefined before the walk has begun. */
  async progress(postId: string, pass: Pass): Promise<WalkProgress | undefined> {
    const { rows } = await this.#db(postId).query<WalkProgress>(
      `select ${columns} from twolane_social.fan_outs where post_id = $1 and pass = $2`,
      [postId, pass],
    );
    return rows[0];
  }
}
