/** Accepts threads and messages: who may write to whom, the number of a message, and the job that delivers it. */
import { deliverDirectMessage } from '../../../jobs/realtime/deliver-direct-message.job.ts';
import type { Queryable } from '../../contract/database.ts';
import type { Enqueue } from '../../contract/enqueue.ts';
import type { Enqueuer } from '../../contract/enqueuer.ts';
import type { MessageStore } from '../../contract/message-store.ts';
import { notFound } from '../../http/problem.ts';
import { blocked } from '../problems.ts';
import type { FollowStore } from '../stores/follows.ts';
import type { Sent, ThreadStore } from './threads.ts';

export interface NewMessage {
  threadId: string;
  senderId: string;
  text: string;
  /** Of the client's choice: the same again answers the same message. */
  clientMessageId: string;
  traceparent: string | undefined;
}

export interface SendingParts {
  threads: ThreadStore;
  messages: MessageStore;
  follows: FollowStore;
  enqueuer: Enqueuer;
}

export class Sending {
  readonly #parts: SendingParts;

  constructor(parts: SendingParts) {
    this.#parts = parts;
  }

  /**
   * The thread of these people and the one who opens it.
   * @throws Problem 403 `blocked` when he and one of them are apart.
   */
  async open(openedBy: string, others: readonly string[]): Promise<string> {
    const { enqueuer, follows, threads } = this.#parts;
    return enqueuer.transaction(async (tx) => {
      for (const other of [...others].sort()) if (await follows.apart(tx, openedBy, other)) throw blocked();
      return threads.open(tx, openedBy, [openedBy, ...others]);
    });
  }

  /**
   * Writes a message under the next number of its thread, together with the job that delivers it.
   * @throws Problem 404 for a thread that the sender is not in, 403 `blocked` in a thread of two who are apart.
   */
  async send(message: NewMessage): Promise<Sent> {
    const { enqueuer, threads } = this.#parts;
    return enqueuer.transaction(async (tx, enqueue) => {
      const begun = await threads.beginSend(tx, message);
      if (begun.standing === 'absent') throw notFound('thread');
      if (begun.standing === 'blocked') throw blocked();
      if (begun.standing === 'new') await this.#write(tx, enqueue, message, begun);
      return { id: begun.id, seq: begun.seq };
    });
  }

  async #write(tx: Queryable, enqueue: Enqueue, message: NewMessage, { id, seq }: Sent): Promise<void> {
    const { threads, messages } = this.#parts;
    const { threadId, senderId, text, clientMessageId, traceparent } = message;
    const { id: jobId } = await enqueue(deliverDirectMessage, { threadId, seq }, { traceparent });
    await threads.take(tx, { threadId, seq, senderId, clientMessageId, id, jobId });
    await messages.put(tx, { id, threadId, seq, senderId, text, createdAt: new Date().toISOString() });
  }
}
