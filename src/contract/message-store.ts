/** The port of the message store: the texts of direct messages, each in its thread under a number that PostgreSQL has drawn. */
import type { Queryable } from './database.ts';

/** One direct message. */
export interface Message {
  id: string;
  threadId: string;
  /** Its place in the thread, from 1 without gaps. */
  seq: number;
  senderId: string;
  text: string;
  /** ISO 8601 UTC. */
  createdAt: string;
}

export interface MessagePage {
  /** Highest number that may be shown; what is above is not committed yet. */
  through: number;
  limit: number;
}

export interface MessageStore {
  /**
   * Writes a message under its thread and number. Again with the same number replaces it: a transaction that was rolled back
   * leaves its number to the next one.
   * @param tx the transaction that has drawn the number; stores outside of PostgreSQL write before it commits.
   */
  put(tx: Queryable, message: Message): Promise<void>;
  /** Messages of one thread from the highest number down, those through `through`. */
  page(threadId: string, page: MessagePage): Promise<Message[]>;
  /** The messages that there are of those asked for, in any order. */
  find(wanted: readonly Pick<Message, 'threadId' | 'seq'>[]): Promise<Message[]>;
}
