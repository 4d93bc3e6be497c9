/** How far each thread was pushed, message by message, and what waits behind one that could not be. */
import type { DatabaseFor, Queryable } from '../../contract/database.ts';

/** A thread as the push of one of its messages finds it. */
export interface Standing {
  pushedSeq: number;
  parkedThrough: number;
  /** The job that goes on with what is parked; null while nothing is. */
  releaseJob: string | null;
  /** The job of the message that is next. */
  nextJob: string | null;
  memberIds: string[];
}

/** A member that a message was pushed to. */
export interface Recipient {
  userId: string;
  senderId: string;
  /** He sent it, or a notification of its sender is open. */
  quiet: boolean;
}

export class PushStore {
  readonly #db: DatabaseFor;

  constructor(db: DatabaseFor) {
    this.#db = db;
  }

  async standing(threadId: string): Promise<Standing> {
    const { rows } = await this.#db(threadId).query<Standing & { pushedSeq: string; parkedThrough: string }>(
      `select p.pushed_seq as "pushedSeq", p.parked_through as "parkedThrough", p.release_job::text as "releaseJob",
         (select s.job_id::text from twolane_social.direct_sends s
          where s.thread_id = p.thread_id and s.seq = p.pushed_seq + 1) as "nextJob",
         array(select m.user_id from twolane_social.thread_members m where m.thread_id = p.thread_id) as "memberIds"
       from twolane_social.thread_pushes p where p.thread_id = $1`,
      [threadId],
    );
    const [row] = rows;
    if (!row) throw new TypeError(`There is no thread ${threadId}`);
    return { ...row, pushedSeq: Number(row.pushedSeq), parkedThrough: Number(row.parkedThrough) };
  }

  /** Puts the message into its members' inboxes if it is the next one; answers nobody when it is not. */
  async push(tx: Queryable, threadId: string, seq: number): Promise<Recipient[]> {
    const { rows } = await tx.query<Recipient>(
      'select user_id as "userId", sender_id as "senderId", quiet from twolane_social.push_message($1, $2)',
      [threadId, seq],
    );
    return rows;
  }

  /** Leaves a message out for good, if it is the next one. */
  async skip(threadId: string, seq: number): Promise<void> {
    await this.#db(threadId).query(
      'update twolane_social.thread_pushes set pushed_seq = $2 where thread_id = $1 and pushed_seq = $2 - 1',
      [threadId, seq],
    );
  }

  /** Notes that a message waits for the job that releases the thread. */
  async park(tx: Queryable, threadId: string, seq: number, releaseJob: string): Promise<void> {
    await tx.query(
      `update twolane_social.thread_pushes set parked_through = greatest(parked_through, $2), release_job = $3
       where thread_id = $1`,
      [threadId, seq, releaseJob],
    );
  }

  /** Nothing is parked any more. */
  async released(tx: Queryable, threadId: string, releaseJob: string): Promise<void> {
    await tx.query(
      'update twolane_social.thread_pushes set release_job = null where thread_id = $1 and release_job = $2',
      [threadId, releaseJob],
    );
  }
}
