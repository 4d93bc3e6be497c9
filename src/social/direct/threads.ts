/** Threads: who is in one, and the numbers of its messages, drawn under the lock of its row. */
import { createHash } from 'node:crypto';
import type { DatabaseFor, Queryable } from '../../contract/database.ts';
import { nextId } from '../ids.ts';

/** A message that somebody asked to send, with the number that it has. */
export interface Sent {
  id: string;
  seq: number;
}

/** `absent`: not a member; `blocked`: in a thread of two who are apart; `sent`: before, under the same client's id. */
export type BegunSend = ({ standing: 'new' | 'sent' } & Sent) | { standing: 'absent' } | { standing: 'blocked' };

export interface NewSend extends Sent {
  threadId: string;
  senderId: string;
  clientMessageId: string;
  jobId: string;
}

/** A thread as its row stands. */
export interface Thread {
  lastSeq: number;
  memberIds: string[];
}

export class ThreadStore {
  readonly #db: DatabaseFor;

  constructor(db: DatabaseFor) {
    this.#db = db;
  }

  /** The thread of these people, made when there is none. `userIds` holds each once, also whoever opens it. */
  async open(tx: Queryable, openedBy: string, userIds: readonly string[]): Promise<string> {
    const members = [...userIds].sort();
    const digest = createHash('sha256').update(JSON.stringify(members)).digest();
    const id = await nextId(tx);
    const made = await tx.query(
      `insert into twolane_social.threads (id, members_digest, created_by) values ($1, $2, $3) on conflict do nothing`,
      [id, digest, openedBy],
    );
    if (made.rowCount === 0) return this.#find(tx, digest);
    await tx.query('insert into twolane_social.thread_pushes (thread_id) values ($1)', [id]);
    await tx.query(
      'insert into twolane_social.thread_members (thread_id, user_id, rank) select $1, unnest($2::text[]), $1',
      [id, members],
    );
    return id;
  }

  /** Undefined when there is no such thread or the user is not in it. */
  async forMember(threadId: string, userId: string): Promise<Thread | undefined> {
    const { rows } = await this.#db(threadId).query<{ lastSeq: string; memberIds: string[] }>(
      `select t.last_seq as "lastSeq", array(select m.user_id from twolane_social.thread_members m
         where m.thread_id = t.id order by m.user_id) as "memberIds"
       from twolane_social.threads t where t.id = $1
         and exists (select from twolane_social.thread_members m where m.thread_id = t.id and m.user_id = $2)`,
      [threadId, userId],
    );
    const [row] = rows;
    return row && { lastSeq: Number(row.lastSeq), memberIds: row.memberIds };
  }

  /**
   * What becomes of a message that somebody wants to send. After `new` the thread's row is locked, so that the next number and
   * what is enqueued with it come in one order for all.
   */
  async beginSend(
    tx: Queryable,
    { threadId, senderId, clientMessageId }: Pick<NewSend, 'threadId' | 'senderId' | 'clientMessageId'>,
  ): Promise<BegunSend> {
    const { rows } = await tx.query<{ standing: BegunSend['standing']; id: string; seq: string }>(
      'select standing, id::text, seq from twolane_social.begin_send($1, $2, $3, 0)',
      [threadId, senderId, clientMessageId],
    );
    const { standing, id, seq } = rows[0] as (typeof rows)[number];
    return standing === 'new' || standing === 'sent' ? { standing, id, seq: Number(seq) } : { standing };
  }

  /** Takes the next number for a message; the row must be locked by `beginSend`. */
  async take(tx: Queryable, { threadId, seq, senderId, clientMessageId, id, jobId }: NewSend): Promise<void> {
    await tx.query(
      `with counted as (update twolane_social.threads set last_seq = $2 where id = $1)
       insert into twolane_social.direct_sends (thread_id, seq, sender_id, client_message_id, message_id, job_id)
       values ($1, $2, $3, $4, $5, $6)`,
      [threadId, seq, senderId, clientMessageId, id, jobId],
    );
  }

  async #find(tx: Queryable, digest: Buffer): Promise<string> {
    const { rows } = await tx.query<{ id: string }>(
      'select id::text from twolane_social.threads where members_digest = $1',
      [digest],
    );
    return (rows[0] as { id: string }).id;
  }
}
