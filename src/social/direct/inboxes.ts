/** Inboxes: a user's threads, and the numbered events of what happens in them. */
import type { DatabaseFor } from '../../contract/database.ts';
import { readersBehind, readersTable, rowsByReader } from '../streams/places.ts';
import type { Place } from '../streams/user-streams.ts';

export interface InboxEvent {
  seq: number;
  kind: 'message' | 'delivered' | 'read';
  threadId: string;
  /** Who sent it, got it or read it. */
  actorId: string;
  messageSeq: number;
  /** Messages in the thread that the inbox's owner has not read. */
  unreadCount: number;
  /** The inbox's owner may not read the message: one of him and its sender has blocked the other. */
  hidden: boolean;
}

/** 64-bit numbers come as text. */
type EventRow = Omit<InboxEvent, 'seq' | 'messageSeq' | 'unreadCount'> &
  Record<'seq' | 'messageSeq' | 'unreadCount', string>;

/** A thread as its member sees it in the list. */
export interface InboxThread {
  id: string;
  members: { id: string; deliveredSeq: number; readSeq: number }[];
  lastSeq: number;
  unreadCount: number;
  /** The place in the list: the id of its newest message. */
  rank: string;
}

/** Events of one inbox that are read in one go. */
export const eventsPerRead = 200;

export class InboxStore {
  readonly #db: DatabaseFor;

  constructor(db: DatabaseFor) {
    this.#db = db;
  }

  /** The newest message's thread first. */
  async page(userId: string, { limit, before }: { limit: number; before?: string }): Promise<InboxThread[]> {
    const { rows } = await this.#db(userId).query<InboxThread & { lastSeq: string; unreadCount: string }>(
      `select t.id::text, m.rank::text, p.pushed_seq as "lastSeq", greatest(p.pushed_seq - m.read_seq, 0) as "unreadCount",
         (select json_agg(json_build_object('id', o.user_id, 'deliveredSeq', o.delivered_seq, 'readSeq', o.read_seq) order by o.user_id)
          from twolane_social.thread_members o where o.thread_id = t.id) as members
       from twolane_social.thread_members m join twolane_social.threads t on t.id = m.thread_id
       join twolane_social.thread_pushes p on p.thread_id = t.id
       where m.user_id = $1 and ($2::bigint is null or m.rank < $2) and (p.pushed_seq > 0 or t.created_by = $1)
       order by m.rank desc limit $3`,
      [userId, before ?? null, limit],
    );
    return rows.map((row) => ({ ...row, lastSeq: Number(row.lastSeq), unreadCount: Number(row.unreadCount) }));
  }

  /** The number of the last event, and how many threads hold something unread. */
  async standing(userId: string): Promise<{ lastSeq: number; unreadThreads: number }> {
    const { rows } = await this.#db(userId).query<{ lastSeq: string | null; unreadThreads: number }>(
      `select (select last_seq from twolane_social.inboxes where user_id = $1) as "lastSeq", (
         select count(*)::int from twolane_social.thread_members m
         join twolane_social.thread_pushes p on p.thread_id = m.thread_id
         where m.user_id = $1 and m.read_seq < p.pushed_seq) as "unreadThreads"`,
      [userId],
    );
    return { lastSeq: Number(rows[0]?.lastSeq ?? 0), unreadThreads: rows[0]?.unreadThreads ?? 0 };
  }

  /** New events of many readers in one statement, each reader's in order, up to `eventsPerRead`; in the order of `places`. */
  async after(places: readonly Place[]): Promise<InboxEvent[][]> {
    const found = await rowsByReader<EventRow>(
      this.#db,
      places,
      `select w.place, e.seq, e.kind, e.thread_id::text as "threadId", e.actor_id as "actorId",
         e.message_seq as "messageSeq", greatest(p.pushed_seq - m.read_seq, 0) as "unreadCount",
         e.kind = 'message' and e.actor_id <> w.user_id and twolane_social.are_apart(e.actor_id, w.user_id) as hidden
       from ${readersTable}
       cross join lateral (select * from twolane_social.inbox_events x
         where x.user_id = w.user_id and x.seq > w.after order by x.seq limit ${eventsPerRead}) e
       join twolane_social.thread_members m on m.thread_id = e.thread_id and m.user_id = w.user_id
       join twolane_social.thread_pushes p on p.thread_id = e.thread_id
       order by w.place, e.seq`,
    );
    return found.map((rows) => rows.map(toEvent));
  }

  /** Which of the readers have events that they have not seen. */
  behind(places: readonly Place[]): Promise<number[]> {
    return readersBehind(this.#db, places, 'twolane_social.inboxes');
  }
}

function toEvent({ seq, kind, threadId, actorId, messageSeq, unreadCount, hidden }: EventRow): InboxEvent {
  return {
    seq: Number(seq),
    kind,
    threadId,
    actorId,
    messageSeq: Number(messageSeq),
    unreadCount: Number(unreadCount),
    hidden,
  };
}
